// Package metrics writes numbers in Prometheus' text format: the little of it that an exporter needs, so that the program
// stands on nothing but Go's own library and builds without a network.
package metrics

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// ContentType is what the text is served as.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Kind is what a family's numbers mean.
type Kind string

// The kinds that are used here.
const (
	Counter Kind = "counter"
	Gauge   Kind = "gauge"
)

// Label distinguishes samples of a family.
type Label struct{ Name, Value string }

// Sample is one number.
type Sample struct {
	Labels []Label
	Value  float64
}

// Family is all that is known under one name.
type Family struct {
	Name    string
	Help    string
	Kind    Kind
	Samples []Sample
}

// Write writes the families that have a sample.
func Write(to io.Writer, families []Family) error {
	out := bufio.NewWriter(to)
	for _, family := range families {
		if len(family.Samples) == 0 {
			continue
		}
		out.WriteString("# HELP " + family.Name + " " + helpEscapes.Replace(family.Help) + "\n")
		out.WriteString("# TYPE " + family.Name + " " + string(family.Kind) + "\n")
		for _, sample := range family.Samples {
			out.WriteString(family.Name + labels(sample.Labels) + " ")
			out.WriteString(strconv.FormatFloat(sample.Value, 'g', -1, 64) + "\n")
		}
	}
	return out.Flush()
}

var (
	helpEscapes  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	valueEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func labels(all []Label) string {
	if len(all) == 0 {
		return ""
	}
	pairs := make([]string, len(all))
	for i, label := range all {
		// Prometheus refuses a whole page for one byte that is not UTF-8.
		pairs[i] = label.Name + `="` + valueEscapes.Replace(strings.ToValidUTF8(label.Value, "\uFFFD")) + `"`
	}
	return "{" + strings.Join(pairs, ",") + "}"
}
