package space

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// version is that of the encoding and of the sampling: points of the same data are the same points.
const version = 1

// MarshalJSON writes the space as one object, always the same bytes for the same space, from which [Decode] makes it
// again:
//
//	{"version":1,"seed":0,"kind":"product","of":[
//	  {"kind":"grid","path":"coupling.delayed.G","numbers":[0,1],"n":32},
//	  {"kind":"uniform","path":"dynamics.J_N","numbers":[0,0.5],"n":32}]}
//
// without the line breaks. A distribution that is not of this package is written as its type and five quantiles. Errors: that of the space, a
// transform other than Log and Bounded.
func (s *Space) MarshalJSON() ([]byte, error) {
	if err := s.Err(); err != nil {
		return nil, err
	}
	f, err := s.form()
	if err != nil {
		return nil, err
	}
	f.Version = version
	if f.Seed == nil {
		f.Seed = new(uint64)
	}
	return json.Marshal(f)
}

// Decode is the space that [Space.MarshalJSON] wrote. Distributions that are not of this package must be among those given. Errors:
// text that is not such an object, another version, a distribution that is not there, and what is wrong with the space.
func Decode(data []byte, known ...Distribution) (*Space, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f form
	err := d.Decode(&f)
	if err == nil {
		if _, after := d.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("more than one object")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("space: JSON, before byte %d: %w; wanted what Space.MarshalJSON writes", d.InputOffset(), err)
	}
	if f.Version != version {
		return nil, fmt.Errorf("space: JSON of version %d; wanted %d: write it again with this version of the library", f.Version, version)
	}
	s := f.build(known)
	if err := s.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// Hash is the SHA-256 of the JSON, in hexadecimal digits: spaces of the same hash have the same points, given the same parameter
// tree. Errors: those of [Space.MarshalJSON].
func (s *Space) Hash() (string, error) {
	data, err := s.MarshalJSON()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
