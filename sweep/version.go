package sweep

import "runtime/debug"

// modulePath is the path of this module.
const modulePath = "github.com/neurograd/neurograd"

// version is the module's version as the running program was built with it, "(devel)" within the module itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if info.Main.Path == modulePath {
		return info.Main.Version
	}
	for _, m := range info.Deps {
		if m.Path == modulePath {
			return m.Version
		}
	}
	return "unknown"
}
