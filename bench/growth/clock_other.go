//go:build !linux

package main

import "time"

// clock names the time that is measured.
const clock = "time that passes"

var began = time.Now()

// busy is the time since the program began.
func busy() time.Duration { return time.Since(began) }
