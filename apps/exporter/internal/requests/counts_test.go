package requests

import (
	"fmt"
	"strings"
	"testing"
)

// shown is what the counts serve, as `route code value`, without zeroes.
func shown(counts *Counts) string {
	var lines []string
	for _, family := range counts.Families() {
		for _, sample := range family.Samples {
			if sample.Value == 0 {
				continue
			}
			line := fmt.Sprint(sample.Value)
			for i := range sample.Labels {
				line = sample.Labels[len(sample.Labels)-1-i].Value + " " + line
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, ", ")
}

func TestCounts(t *testing.T) {
	counts := NewCounts()
	for _, line := range []string{
		haproxy("lamp/a", "200"), haproxy("lamp/b", "204"), haproxy("lamp/b", "503"), haproxy("lamp/b", "-1"),
		haproxy("hello/a", "301"), "words",
	} {
		counts.Line(line)
	}
	if got, want := shown(counts), "hello 3xx 1, lamp 2xx 2, lamp 5xx 1, 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := len(counts.Families()[0].Samples); got != 8 {
		t.Errorf("%d samples, want four for each route", got)
	}
}

func TestCountsAreBounded(t *testing.T) {
	counts := NewCounts()
	for i := range 2 * mostRoutes {
		counts.Line(haproxy(fmt.Sprintf("route%d/a", i), "200"))
	}
	if len(counts.routes) != mostRoutes || counts.unparsed != mostRoutes {
		t.Errorf("%d routes, %d not counted", len(counts.routes), counts.unparsed)
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 3*longestLine)
	var got []string
	text := lines{hand: func(line string) { got = append(got, line) }}
	for _, piece := range []string{"on", "e\ntw", "o\r\n\nthree\nlo", long, long, "ng\nfour\nrest"} {
		text.add([]byte(piece))
	}
	want := []string{"one", "two", "", "three", "lo" + long[:longestLine-2], "four"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %d lines: %.80q", len(got), got)
	}
}
