package faults_test

import (
	"bytes"
	"errors"
	"log"
	"os"
	"strings"
	"testing"

	"swarm-farm/apps/exporter/internal/faults"
)

func TestAddCountsAllAndSaysOne(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	counts := faults.New()
	counts.Add(faults.List, errors.New("no such socket"))
	counts.Add(faults.List, errors.New("no such socket"))
	counts.Add(faults.Log, errors.New("cut off"))

	got := map[string]float64{}
	for _, sample := range counts.Family().Samples {
		got[sample.Labels[0].Value] = sample.Value
	}
	for what, want := range map[string]float64{"list": 2, "inspect": 0, "stats": 0, "log": 1} {
		if got[what] != want {
			t.Errorf("%s: got %v, want %v", what, got[what], want)
		}
	}
	if lines := strings.Count(logged.String(), "\n"); lines != 2 {
		t.Errorf("%d lines were logged, want one for each kind:\n%s", lines, logged.String())
	}
}
