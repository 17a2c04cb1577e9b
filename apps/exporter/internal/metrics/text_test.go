package metrics_test

import (
	"strings"
	"testing"

	"swarm-farm/apps/exporter/internal/metrics"
)

func TestWrite(t *testing.T) {
	var out strings.Builder
	err := metrics.Write(&out, []metrics.Family{
		{Name: "empty", Help: "Nothing.", Kind: metrics.Gauge},
		{Name: "plain", Help: "Two\nlines \\ one.", Kind: metrics.Counter, Samples: []metrics.Sample{{Value: 0.25}}},
		{Name: "labelled", Help: "Labels.", Kind: metrics.Gauge, Samples: []metrics.Sample{
			{Labels: []metrics.Label{{Name: "a", Value: "x\"y\\z\n\xff"}, {Name: "b", Value: ""}}, Value: 123456789012},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `# HELP plain Two\nlines \\ one.
# TYPE plain counter
plain 0.25
# HELP labelled Labels.
# TYPE labelled gauge
labelled{a="x\"y\\z\n` + "\uFFFD" + `",b=""} 1.23456789012e+11
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
