// Package dockertest is a Docker daemon that runs nothing: the little of its API that the exporter uses, on a unix socket.
package dockertest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Container is one of the fake's, with what it would answer about it.
type Container struct {
	ID, Name, Service, Task string
	Created                 time.Time
	CPUNanoseconds          uint64
	MemoryUsage             uint64
	InactiveFile            uint64
	MemoryLimit             int64
	NanoCPUs                int64
	// Ended is one that does not run any more, but is still known.
	Ended bool
}

// Daemon is the fake. Its fields are set before the first request, or through its methods.
type Daemon struct {
	Socket string
	// Before is called with each request's path; what it returns other than 0 is answered instead.
	Before func(path string) int
	// Swarm has the answers to `/nodes`, `/services` and `/tasks`, by path. Default: none, as of a worker.
	Swarm map[string]any

	lock       sync.Mutex
	containers []Container
	logs       map[string]chan []byte
	requests   []string
	atOnce     int
	mostAtOnce int
}

// Start starts a daemon that ends with the test.
func Start(t *testing.T, containers ...Container) *Daemon {
	t.Helper()
	d := &Daemon{
		Socket: filepath.Join(t.TempDir(), "docker.sock"), Before: func(string) int { return 0 },
		containers: containers, logs: map[string]chan []byte{},
	}
	listener, err := net.Listen("unix", d.Socket)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(d.answer))
	server.Listener = listener
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		for _, request := range d.Requests() {
			if !strings.HasPrefix(request, "GET ") {
				t.Errorf("Docker was sent %q", request)
			}
		}
	})
	return d
}

// Run replaces the containers that there are.
func (d *Daemon) Run(containers ...Container) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.containers = containers
}

// Requests is what was sent, as method and path with its query.
func (d *Daemon) Requests() []string {
	d.lock.Lock()
	defer d.lock.Unlock()
	return append([]string(nil), d.requests...)
}

// MostAtOnce is how many requests about single containers were under way at the same time.
func (d *Daemon) MostAtOnce() int {
	d.lock.Lock()
	defer d.lock.Unlock()
	return d.mostAtOnce
}

// Log is the stream of a container's log: what is sent is written as it is, and closing it ends the log.
func (d *Daemon) Log(id string) chan []byte {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.logs[id] == nil {
		d.logs[id] = make(chan []byte, 100)
	}
	return d.logs[id]
}

// Break ends a container's log, as a daemon does that starts again; the next one to open it gets a new stream.
func (d *Daemon) Break(id string) {
	log := d.Log(id)
	d.lock.Lock()
	defer d.lock.Unlock()
	delete(d.logs, id)
	close(log)
}

// Frame is a piece of a log as Docker frames it: stream 1 is stdout, 2 is stderr.
func Frame(stream byte, text string) []byte {
	frame := make([]byte, 8, 8+len(text))
	frame[0] = stream
	binary.BigEndian.PutUint32(frame[4:], uint32(len(text)))
	return append(frame, text...)
}

func (d *Daemon) answer(to http.ResponseWriter, request *http.Request) {
	d.lock.Lock()
	d.requests = append(d.requests, request.Method+" "+request.URL.String())
	d.lock.Unlock()
	path := strings.TrimPrefix(request.URL.Path, "/v1.44")
	if status := d.Before(path); status != 0 {
		refuse(to, status)
		return
	}
	if answer, known := d.Swarm[path]; known {
		give(to, answer)
		return
	}
	if path == "/containers/json" {
		give(to, d.list(request.URL.Query().Get("filters")))
		return
	}
	parts := strings.Split(strings.TrimPrefix(path, "/containers/"), "/")
	container, ok := d.find(parts[0])
	if !ok || len(parts) != 2 {
		refuse(to, http.StatusNotFound)
		return
	}
	switch parts[1] {
	case "json":
		d.counted(func() { give(to, details(container)) })
	case "stats":
		d.counted(func() { give(to, stats(container)) })
	case "logs":
		d.stream(to, request, container.ID)
	default:
		refuse(to, http.StatusNotFound)
	}
}

func (d *Daemon) counted(answer func()) {
	d.lock.Lock()
	d.atOnce++
	d.mostAtOnce = max(d.mostAtOnce, d.atOnce)
	d.lock.Unlock()
	// Long enough to be met by others.
	time.Sleep(time.Millisecond)
	answer()
	d.lock.Lock()
	d.atOnce--
	d.lock.Unlock()
}

func (d *Daemon) find(id string) (Container, bool) {
	d.lock.Lock()
	defer d.lock.Unlock()
	for _, container := range d.containers {
		if container.ID == id {
			return container, true
		}
	}
	return Container{}, false
}

func (d *Daemon) stream(to http.ResponseWriter, request *http.Request, id string) {
	log := d.Log(id)
	to.Header().Set("Content-Type", "application/vnd.docker.multiplexed-stream")
	flush := to.(http.Flusher).Flush
	flush()
	for {
		select {
		case <-request.Context().Done():
			return
		case data, open := <-log:
			if !open {
				return
			}
			_, _ = to.Write(data)
			flush()
		}
	}
}

func refuse(to http.ResponseWriter, status int) {
	http.Error(to, fmt.Sprintf(`{"message":"refused with %d"}`, status), status)
}

func give(to http.ResponseWriter, value any) { _ = json.NewEncoder(to).Encode(value) }
