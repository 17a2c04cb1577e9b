package phpfpm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/metrics"
)

// pageOf is a part of what php-fpm 8.4 answers.
func pageOf(waiting int) string {
	return fmt.Sprintf(`# HELP phpfpm_up Could pool www using a dynamic PM on PHP-FPM be reached?
# TYPE phpfpm_up gauge
phpfpm_up 1
# HELP phpfpm_listen_queue The number of requests in the queue of pending connections.
# TYPE phpfpm_listen_queue gauge
phpfpm_listen_queue %d
# TYPE phpfpm_listen_queue_length gauge
# HELP phpfpm_listen_queue_length The size of the socket queue of pending connections.
phpfpm_listen_queue_length 4096
# HELP phpfpm_max_children_reached The number of times, the process limit has been reached.
# TYPE phpfpm_max_children_reached counter
phpfpm_max_children_reached 2
# EOF
`, waiting)
}

var limits = fresh.Limits{Deadline: 5 * time.Second}

// collector asks for the tasks at some addresses of loopback, which have one port.
func collector(t *testing.T, port string, limits fresh.Limits, addresses ...string) (*Collector, *faults.Counts) {
	t.Helper()
	counts := faults.New()
	of, err := New("tasks.php:"+port, counts, limits)
	if err != nil {
		t.Fatal(err)
	}
	of.lookup = func(_ context.Context, host string) ([]string, error) {
		if host != "tasks.php" {
			return nil, fmt.Errorf("it looks up %s", host)
		}
		return addresses, nil
	}
	return of, counts
}

func textOf(t *testing.T, families []metrics.Family) string {
	t.Helper()
	var text bytes.Buffer
	if err := metrics.Write(&text, families); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func status(waiting int) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == StatusPath && request.URL.RawQuery == "openmetrics" {
			fmt.Fprint(answer, pageOf(waiting))
		}
	}
}

func portOf(t *testing.T, at net.Addr) string {
	t.Helper()
	_, port, err := net.SplitHostPort(at.String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestEveryTaskIsAsked(t *testing.T) {
	port := portOf(t, serve(t, "127.0.0.1:0", status(0)))
	serve(t, "127.0.0.2:"+port, status(7))
	of, counts := collector(t, port, limits, "127.0.0.3", "127.0.0.2", "127.0.0.1")
	want := `# HELP phpfpm_up Whether php-fpm answers for its status.
# TYPE phpfpm_up gauge
phpfpm_up{task="127.0.0.1"} 1
phpfpm_up{task="127.0.0.2"} 1
phpfpm_up{task="127.0.0.3"} 0
# HELP phpfpm_listen_queue The number of requests in the queue of pending connections.
# TYPE phpfpm_listen_queue gauge
phpfpm_listen_queue{task="127.0.0.1"} 0
phpfpm_listen_queue{task="127.0.0.2"} 7
# HELP phpfpm_listen_queue_length The size of the socket queue of pending connections.
# TYPE phpfpm_listen_queue_length gauge
phpfpm_listen_queue_length{task="127.0.0.1"} 4096
phpfpm_listen_queue_length{task="127.0.0.2"} 4096
# HELP phpfpm_max_children_reached The number of times, the process limit has been reached.
# TYPE phpfpm_max_children_reached counter
phpfpm_max_children_reached{task="127.0.0.1"} 2
phpfpm_max_children_reached{task="127.0.0.2"} 2
`
	if got := textOf(t, of.Families()); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := textOf(t, []metrics.Family{counts.Family()}); !strings.Contains(got, `{what="php"} 1`) {
		t.Errorf("got\n%s", got)
	}
}

func TestATaskThatHangsHoldsUpNoOther(t *testing.T) {
	port := portOf(t, serve(t, "127.0.0.1:0", status(1)))
	held := make(chan struct{})
	serve(t, "127.0.0.2:"+port, func(http.ResponseWriter, *http.Request) { <-held })
	defer close(held)
	of, _ := collector(t, port, fresh.Limits{Deadline: 300 * time.Millisecond}, "127.0.0.1", "127.0.0.2")
	got := textOf(t, of.Families())
	for _, line := range []string{`phpfpm_up{task="127.0.0.1"} 1`, `phpfpm_up{task="127.0.0.2"} 0`, `phpfpm_listen_queue{task="127.0.0.1"} 1`} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
}

func TestATaskThatLiesIsDown(t *testing.T) {
	var many strings.Builder
	for at := range maxFamilies {
		fmt.Fprintf(&many, "phpfpm_%s 1\n", strings.Repeat("a", at+1))
	}
	for name, page := range map[string]string{
		"a page":             "<html>hello</html>",
		"nothing":            "",
		"other numbers":      "phpfpm_many 1\n",
		"labels":             "phpfpm_up{pool=\"www\"} 1\n",
		"no number":          "phpfpm_up yes\n",
		"a name twice":       "phpfpm_up 1\nphpfpm_up 1\n",
		"help without one":   "phpfpm_up 1\n# HELP phpfpm_idle_processes Idle.\n",
		"too many names":     "phpfpm_up 1\n" + many.String(),
		"names of its own":   "phpfpm_up 1\nprocess_up 1\n",
		"a name with digits": "phpfpm_up 1\nphpfpm_2 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			port := portOf(t, serve(t, "127.0.0.1:0", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprint(answer, page) }))
			of, _ := collector(t, port, limits, "127.0.0.1")
			want := "# HELP phpfpm_up Whether php-fpm answers for its status.\n# TYPE phpfpm_up gauge\nphpfpm_up{task=\"127.0.0.1\"} 0\n"
			if got := textOf(t, of.Families()); got != want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func TestTasksAreBounded(t *testing.T) {
	var asked atomic.Int32
	port := portOf(t, serve(t, "127.0.0.1:0", func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	addresses := make([]string, 2*maxTasks)
	for at := range addresses {
		addresses[at] = "127.0.0.1"
	}
	of, _ := collector(t, port, limits, addresses...)
	of.Families()
	if got := asked.Load(); got != maxTasks {
		t.Errorf("%d were asked", got)
	}
}

func TestWithoutTasksNothingIsShown(t *testing.T) {
	of, counts := collector(t, "9001", limits)
	if got := of.Families(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	of.lookup = func(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }
	if got := of.Families(); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if got := textOf(t, []metrics.Family{counts.Family()}); !strings.Contains(got, `{what="php"} 1`) {
		t.Errorf("got\n%s", got)
	}
}

func TestOneAnswerServesSeveralScrapes(t *testing.T) {
	var asked atomic.Int32
	port := portOf(t, serve(t, "127.0.0.1:0", func(answer http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(answer, pageOf(0))
	}))
	of, _ := collector(t, port, fresh.Limits{Fresh: time.Hour, Deadline: limits.Deadline}, "127.0.0.1")
	if first, second := textOf(t, of.Families()), textOf(t, of.Families()); first != second || asked.Load() != 1 {
		t.Errorf("%d were asked", asked.Load())
	}
}

func TestAnAddressNeedsAPort(t *testing.T) {
	if _, err := New("tasks.php", faults.New(), limits); err == nil {
		t.Error("it is taken")
	}
}
