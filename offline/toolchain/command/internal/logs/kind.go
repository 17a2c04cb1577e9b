package logs

import (
	"fmt"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// The values of the input logging.
const (
	Stdout          = "stdout"
	Stderr          = "stderr"
	StdoutAndStderr = "stdoutAndStderr"
	None            = "none"
)

// Values lists the values of logging for the schema, as the enum type T of the
// resource's own module.
func Values[T ~string]() []infer.EnumValue[T] {
	return []infer.EnumValue[T]{
		{Name: "Stdout", Value: Stdout, Description: "Log standard output only"},
		{Name: "Stderr", Value: Stderr, Description: "Log standard error only"},
		{Name: "StdoutAndStderr", Value: StdoutAndStderr, Description: "Log both, which is the default"},
		{Name: "None", Value: None, Description: "Log neither"},
	}
}

// Check returns the failures of the input logging. An empty value passes: that
// is how one that is not known yet looks.
func Check[T ~string](kind *T) []p.CheckFailure {
	if kind == nil || *kind == "" {
		return nil
	}
	for _, v := range Values[T]() {
		if *kind == v.Value {
			return nil
		}
	}
	return []p.CheckFailure{{
		Property: "logging",
		Reason: fmt.Sprintf("%q is not a kind of logging, use one of %s, %s, %s, %s",
			*kind, Stdout, Stderr, StdoutAndStderr, None),
	}}
}
