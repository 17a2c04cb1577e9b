package usage_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/dockertest"
	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/metrics"
	"swarm-farm/apps/exporter/internal/usage"
)

var at = time.Unix(1700000000, 0)

func container(i int) dockertest.Container {
	name := fmt.Sprintf("web.%d.task", i)
	return dockertest.Container{
		ID: fmt.Sprintf("%064x", i), Name: name, Service: "web", Task: name, Created: at,
		CPUNanoseconds: uint64(i) * 1_500_000_000, MemoryUsage: 5000, InactiveFile: 1000,
	}
}

// queries Docker each time.
var always = fresh.Limits{Deadline: 5 * time.Second}

func collector(daemon *dockertest.Daemon, limits fresh.Limits) (*usage.Collector, *faults.Counts) {
	counts := faults.New()
	return usage.New(docker.New(daemon.Socket), counts, limits), counts
}

// values is a family's samples by the container's name.
func values(t *testing.T, families []metrics.Family, name string) map[string]float64 {
	t.Helper()
	for _, family := range families {
		if family.Name == name {
			result := map[string]float64{}
			for _, sample := range family.Samples {
				result[sample.Labels[0].Value] = sample.Value
			}
			return result
		}
	}
	t.Fatalf("no family %s", name)
	return nil
}

func faulty(counts *faults.Counts) string {
	var found []string
	for _, sample := range counts.Family().Samples {
		if sample.Value > 0 {
			found = append(found, fmt.Sprint(sample.Labels[0].Value, " ", sample.Value))
		}
	}
	return strings.Join(found, ", ")
}

func TestManyContainers(t *testing.T) {
	var many []dockertest.Container
	for i := range 50 {
		many = append(many, container(i))
	}
	many[7].MemoryLimit, many[7].NanoCPUs = 64<<20, 250_000_000
	daemon := dockertest.Start(t, many...)
	collector, counts := collector(daemon, always)
	families := collector.Families()

	for name, want := range map[string]float64{
		"container_cpu_usage_seconds_total":  10.5,
		"container_memory_working_set_bytes": 4000,
		"container_spec_memory_limit_bytes":  64 << 20,
		"container_spec_cpu_quota":           25_000,
		"container_spec_cpu_period":          100_000,
		"container_start_time_seconds":       1700000000,
	} {
		if got := values(t, families, name)["web.7.task"]; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if got := len(values(t, families, "container_cpu_usage_seconds_total")); got != 50 {
		t.Errorf("%d containers are shown, want 50", got)
	}
	if got := values(t, families, "container_spec_cpu_quota"); len(got) != 1 {
		t.Errorf("a quota is shown for those without a limit: %v", got)
	}
	if got := values(t, families, "container_last_seen")["web.7.task"]; time.Since(time.UnixMilli(int64(got*1000))) > time.Minute {
		t.Errorf("last seen: %v", got)
	}
	if got := daemon.MostAtOnce(); got > 2 {
		t.Errorf("Docker got %d requests at once", got)
	}
	if got := faulty(counts); got != "" {
		t.Errorf("faults: %s", got)
	}
}

func TestLabels(t *testing.T) {
	daemon := dockertest.Start(t, container(1))
	collector, _ := collector(daemon, always)
	want := []metrics.Label{
		{Name: "name", Value: "web.1.task"},
		{Name: "container_label_com_docker_swarm_service_name", Value: "web"},
		{Name: "container_label_com_docker_swarm_task_name", Value: "web.1.task"},
		{Name: "container_label_com_docker_swarm_node_id", Value: "node1"},
	}
	if got := collector.Families()[0].Samples[0].Labels; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v", got)
	}
}

func TestDetailsAreAskedForOnce(t *testing.T) {
	daemon := dockertest.Start(t, container(1))
	collector, _ := collector(daemon, always)
	for range 3 {
		collector.Families()
	}
	details := 0
	for _, request := range daemon.Requests() {
		if strings.HasSuffix(request, "/json") && !strings.HasSuffix(request, "containers/json") {
			details++
		}
	}
	if details != 1 {
		t.Errorf("details were read %d times", details)
	}
}

func TestThoseThatEndAreNotShown(t *testing.T) {
	ended := container(3)
	ended.Ended = true
	daemon := dockertest.Start(t, container(1), container(2), ended)
	var vanish atomic.Bool
	vanish.Store(true)
	daemon.Before = func(path string) int {
		if vanish.Load() && strings.HasSuffix(path, "/stats") && strings.Contains(path, container(2).ID) {
			return http.StatusNotFound
		}
		return 0
	}
	collector, counts := collector(daemon, always)
	if got := values(t, collector.Families(), "container_cpu_usage_seconds_total"); len(got) != 1 || got["web.1.task"] == 0 {
		t.Errorf("got %v", got)
	}
	vanish.Store(false)
	daemon.Run(container(2))
	if got := values(t, collector.Families(), "container_cpu_usage_seconds_total"); len(got) != 1 || got["web.2.task"] == 0 {
		t.Errorf("after the others are gone: %v", got)
	}
	if got := faulty(counts); got != "" {
		t.Errorf("faults: %s", got)
	}
}

func TestSlowDaemon(t *testing.T) {
	daemon := dockertest.Start(t, container(1), container(2), container(3))
	slow := make(chan struct{})
	defer close(slow)
	daemon.Before = func(path string) int {
		if strings.HasSuffix(path, "/stats") && strings.Contains(path, container(2).ID) {
			<-slow
		}
		return 0
	}
	collector, counts := collector(daemon, fresh.Limits{Deadline: 300 * time.Millisecond})
	began := time.Now()
	got := values(t, collector.Families(), "container_cpu_usage_seconds_total")
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
	if _, shown := got["web.2.task"]; shown || len(got) != 2 {
		t.Errorf("got %v", got)
	}
	if got := faulty(counts); got != "stats 1" {
		t.Errorf("faults: %s", got)
	}
}

func TestWithoutDockerNothingOldIsShown(t *testing.T) {
	daemon := dockertest.Start(t, container(1))
	collector, counts := collector(daemon, always)
	collector.Families()
	daemon.Before = func(string) int { return http.StatusInternalServerError }
	families := collector.Families()
	if got := values(t, families, "container_cpu_usage_seconds_total"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if got := faulty(counts); got != "list 1" {
		t.Errorf("faults: %s", got)
	}
}

func TestThoseWhoAskAtOnceShareAnAnswer(t *testing.T) {
	daemon := dockertest.Start(t, container(1))
	collector, _ := collector(daemon, fresh.Limits{Fresh: time.Minute, Deadline: 5 * time.Second})
	var asking sync.WaitGroup
	for range 20 {
		asking.Add(1)
		go func() {
			defer asking.Done()
			collector.Families()
		}()
	}
	asking.Wait()
	if got := daemon.Requests(); len(got) != 3 {
		t.Errorf("Docker got %d requests: %v", len(got), got)
	}
}
