package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/dockertest"
)

var (
	comment = regexp.MustCompile(`^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge))$`)
	sample  = regexp.MustCompile(`^([a-z_]+)(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})? [-+0-9.e]+$`)
)

// start serves on a port of its own, and ends with the test.
func start(t *testing.T, of subject) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := free.Addr().String()
	free.Close()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listen, of) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	for range 200 {
		if connection, err := net.Dial("tcp", listen); err == nil {
			connection.Close()
			return listen
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it does not listen")
	return ""
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestPage(t *testing.T) {
	daemon := dockertest.Start(t,
		dockertest.Container{ID: "aa", Name: `web.1.x`, Service: `we"b\`, Task: "web.1.x", CPUNanoseconds: 2e9, NanoCPUs: 1e9},
		dockertest.Container{ID: "bb", Name: "loadbalancer.n.y", Service: "loadbalancer", Created: time.Now().Add(-time.Hour)},
	)
	daemon.Log("bb") <- dockertest.Frame(1, "192.0.2.1 lamp \"GET / HTTP/2.0\" 200 45\n")
	listen := start(t, subject{socket: daemon.Socket, balancer: "loadbalancer"})
	if err := checkHealth(listen); err != nil {
		t.Errorf("it is not well: %v", err)
	}
	var text string
	for range 200 {
		if _, text = get(t, "http://"+listen+"/metrics"); strings.Contains(text, `route="lamp",code="2xx"} 1`) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	names := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if found := sample.FindStringSubmatch(line); found != nil {
			names[found[1]] = true
		} else if !comment.MatchString(line) {
			t.Errorf("no line of Prometheus' format: %s", line)
		}
	}
	want := []string{
		"container_cpu_usage_seconds_total", "container_memory_working_set_bytes", "container_spec_memory_limit_bytes",
		"container_spec_cpu_quota", "container_spec_cpu_period", "container_start_time_seconds", "container_last_seen",
		"swarm_farm_exporter_collect_seconds", "swarm_farm_exporter_errors_total", "swarm_farm_requests_total",
		"swarm_farm_log_lines_unparsed_total",
	}
	for _, name := range want {
		if !names[name] {
			t.Errorf("no %s in\n%s", name, text)
		}
	}
	if len(names) != len(want) {
		t.Errorf("%d names, want %d", len(names), len(want))
	}
}

func TestPageWithoutDocker(t *testing.T) {
	listen := start(t, subject{socket: filepath.Join(t.TempDir(), "none"), balancer: "loadbalancer"})
	if err := checkHealth(listen); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("got %v, want that Docker does not answer", err)
	}
	status, text := get(t, fmt.Sprintf("http://%s/metrics", listen))
	if status != 200 || strings.Contains(text, "container_") || strings.Contains(text, `what="list"} 0`) {
		t.Errorf("got %d\n%s", status, text)
	}
}

func TestCheckWithoutExporter(t *testing.T) {
	if err := checkHealth("127.0.0.1:1"); err == nil {
		t.Error("it is well without running")
	}
	if err := checkHealth("no address"); err == nil {
		t.Error("it is well at no address")
	}
}

func TestPageOfSwarm(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{"/nodes": []any{}, "/services": []any{}, "/tasks": []any{}}
	listen := start(t, subject{socket: daemon.Socket, swarm: true})
	status, text := get(t, fmt.Sprintf("http://%s/metrics", listen))
	if status != 200 || !strings.Contains(text, "swarm_farm_swarm_up 1\n") || strings.Contains(text, "container_") {
		t.Errorf("got %d\n%s", status, text)
	}
	for _, request := range daemon.Requests() {
		if strings.Contains(request, "containers") {
			t.Errorf("it asked for containers: %s", request)
		}
	}
}

func TestPageOfPhp(t *testing.T) {
	listen := start(t, subject{socket: filepath.Join(t.TempDir(), "none"), php: "127.0.0.1:1"})
	if err := checkHealth(listen); err != nil {
		t.Errorf("it is not well without php: %v", err)
	}
	status, text := get(t, fmt.Sprintf("http://%s/metrics", listen))
	if status != 200 || !strings.Contains(text, "phpfpm_up{task=\"127.0.0.1\"} 0\n") || !strings.Contains(text, `what="php"} 1`) {
		t.Errorf("got %d\n%s", status, text)
	}
}
