package docker_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/dockertest"
)

// answering is a client of a daemon that answers everything in one way.
func answering(t *testing.T, answer http.HandlerFunc) *docker.Client {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "docker.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(answer)
	server.Listener = listener
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return docker.New(socket)
}

func TestBadAnswersAreErrors(t *testing.T) {
	text := func(body string) http.HandlerFunc {
		return func(to http.ResponseWriter, _ *http.Request) { _, _ = to.Write([]byte(body)) }
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"not JSON":     {text("<html>a proxy</html>"), "GET /containers/json: invalid character"},
		"no list":      {text(`{"message":"x"}`), "cannot unmarshal object"},
		"an empty one": {text(""), "GET /containers/json: EOF"},
		"cut off": {func(to http.ResponseWriter, _ *http.Request) {
			to.Header().Set("Content-Length", "1000")
			_, _ = to.Write([]byte(`[{"Id":"a1","Names":["/web`))
		}, "unexpected EOF"},
		"longer than any": {text(`[{"Id":"` + strings.Repeat("x", 9<<20) + `"}]`), "unexpected EOF"},
		"a redirect to another host": {func(to http.ResponseWriter, request *http.Request) {
			http.Redirect(to, request, "http://192.0.2.1/", http.StatusFound)
		}, "Docker answers 302"},
		"a long complaint": {func(to http.ResponseWriter, _ *http.Request) {
			http.Error(to, strings.Repeat("complaint ", 1000), http.StatusBadGateway)
		}, "Docker answers 502: complaint"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := answering(t, test.answer).Containers(context.Background(), "")
			if err == nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 400 {
				t.Errorf("got %v, %v, want an error with %q", found, err, test.want)
			}
			if docker.IsGone(err) {
				t.Errorf("%v counts as a container that is gone", err)
			}
		})
	}
}

func TestDeadlineEndsARequest(t *testing.T) {
	client := answering(t, func(_ http.ResponseWriter, request *http.Request) { <-request.Context().Done() })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := client.Stats(ctx, "a1"); err == nil || ctx.Err() == nil {
		t.Errorf("got %v, want the end of the deadline", err)
	}
	if client.Answered() {
		t.Error("silence counts as an answer")
	}
}

func TestDetails(t *testing.T) {
	started := time.Unix(1700000000, 0)
	daemon := dockertest.Start(t, dockertest.Container{ID: "a1", Created: started, MemoryLimit: 64 << 20, NanoCPUs: 5e8})
	details, err := docker.New(daemon.Socket).Details(context.Background(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	if !details.State.StartedAt.Equal(started) || details.HostConfig.Memory != 64<<20 || details.HostConfig.NanoCPUs != 5e8 {
		t.Errorf("got %+v", details)
	}
}

func TestEndedContainersHaveNoStats(t *testing.T) {
	daemon := dockertest.Start(t, dockertest.Container{ID: "a1", Ended: true})
	stats, err := docker.New(daemon.Socket).Stats(context.Background(), "a1")
	if err != nil || !stats.Ended() {
		t.Errorf("got %+v, %v", stats, err)
	}
}

func TestNames(t *testing.T) {
	for want, container := range map[string]docker.Container{
		"web.1.x": {ID: "a1", Names: []string{"/web.1.x", "/other/alias"}},
		"plain":   {ID: "a1", Names: []string{"plain"}},
		"a1":      {ID: "a1"},
	} {
		if got := container.Name(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
