package requests

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/dockertest"
	"swarm-farm/apps/exporter/internal/faults"
)

func balancer(id string, age time.Duration) dockertest.Container {
	return dockertest.Container{ID: id, Name: "loadbalancer.n." + id, Service: "loadbalancer", Created: time.Now().Add(-age)}
}

// follow starts a follower that ends with the test.
func follow(t *testing.T, daemon *dockertest.Daemon) (*Counts, *faults.Counts) {
	t.Helper()
	counts, errors := NewCounts(), faults.New()
	follower := NewFollower(docker.New(daemon.Socket), errors, counts, "loadbalancer")
	follower.every = 20 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		follower.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Error("the follower does not end")
		}
	})
	return counts, errors
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func shows(t *testing.T, counts *Counts, want string) {
	t.Helper()
	until(t, want, func() bool { return shown(counts) == want })
}

// logs is how a container's log was opened, one query each.
func logs(daemon *dockertest.Daemon, id string) []string {
	var found []string
	for _, request := range daemon.Requests() {
		if _, query, ok := strings.Cut(request, "/containers/"+id+"/logs?"); ok {
			found = append(found, query)
		}
	}
	return found
}

func TestFollow(t *testing.T) {
	other := dockertest.Container{ID: "bb", Name: "lamp.1.x", Service: "lamp"}
	daemon := dockertest.Start(t, balancer("aa", time.Hour), other)
	counts, errors := follow(t, daemon)
	line := haproxy("lamp/worker1", "200") + "\n"
	log := daemon.Log("aa")
	log <- append(dockertest.Frame(2, line), dockertest.Frame(1, line+line[:40])...)
	// Docker's writes and the reads of a client have different boundaries.
	rest := append(dockertest.Frame(2, "stderr in between"), dockertest.Frame(1, line[40:]+"words\n")...)
	for _, b := range rest {
		log <- []byte{b}
	}
	shows(t, counts, "lamp 2xx 2, 1")
	if got := logs(daemon, "aa"); len(got) != 1 || got[0] != "follow=true&stdout=true&tail=0" {
		t.Errorf("an old log is opened as %v", got)
	}
	if got := logs(daemon, "bb"); len(got) != 0 {
		t.Errorf("another service's log is read: %v", got)
	}
	for _, sample := range errors.Family().Samples {
		if sample.Value > 0 {
			t.Errorf("faults: %v", sample)
		}
	}
}

func TestFollowReplaced(t *testing.T) {
	daemon := dockertest.Start(t, balancer("aa", time.Hour))
	counts, _ := follow(t, daemon)
	daemon.Log("aa") <- dockertest.Frame(1, haproxy("lamp/a", "200")+"\n")
	shows(t, counts, "lamp 2xx 1")

	daemon.Run(balancer("cc", -time.Minute))
	daemon.Log("aa") <- dockertest.Frame(1, haproxy("lamp/a", "200")+"\n")
	close(daemon.Log("aa"))
	daemon.Log("cc") <- dockertest.Frame(1, haproxy("lamp/a", "500")+"\n")
	shows(t, counts, "lamp 2xx 2, lamp 5xx 1")
	if got := logs(daemon, "cc"); len(got) != 1 || got[0] != "follow=true&stdout=true" {
		t.Errorf("a new container's log is opened as %v, want all of it", got)
	}
}

func TestFollowAgain(t *testing.T) {
	daemon := dockertest.Start(t, balancer("aa", time.Hour))
	counts, _ := follow(t, daemon)
	daemon.Log("aa") <- dockertest.Frame(1, haproxy("lamp/a", "200")+"\n")
	shows(t, counts, "lamp 2xx 1")

	daemon.Break("aa")
	daemon.Log("aa") <- dockertest.Frame(1, haproxy("lamp/a", "404")+"\n")
	shows(t, counts, "lamp 2xx 1, lamp 4xx 1")
	if got := logs(daemon, "aa"); len(got) != 2 || !strings.HasPrefix(got[1], "follow=true&since=") {
		t.Errorf("opened again as %v, want from where it ended", got)
	}
}

func TestFollowLetsGo(t *testing.T) {
	daemon := dockertest.Start(t, balancer("aa", time.Hour))
	follow(t, daemon)
	until(t, "the log is open", func() bool { return len(logs(daemon, "aa")) == 1 })
	// Docker does not end the log of a container that is gone.
	daemon.Run()
	looks := func() int { return len(daemon.Requests()) }
	seen := looks()
	until(t, "two looks without it", func() bool { return looks() >= seen+missedLooks+1 })
	daemon.Run(balancer("aa", time.Hour))
	until(t, "it is opened again", func() bool { return len(logs(daemon, "aa")) == 2 })
}

func TestFollowGoesOnAfterFaults(t *testing.T) {
	daemon := dockertest.Start(t, balancer("aa", time.Hour))
	refused := make(chan struct{}, 100)
	daemon.Before = func(path string) int {
		select {
		case refused <- struct{}{}:
			if len(refused) <= 3 {
				return http.StatusInternalServerError
			}
		default:
		}
		return 0
	}
	counts, errors := follow(t, daemon)
	daemon.Log("aa") <- dockertest.Frame(1, haproxy("lamp/a", "200")+"\n")
	shows(t, counts, "lamp 2xx 1")
	if got := errors.Family().Samples[0].Value; got != 3 {
		t.Errorf("%v faults, want 3", got)
	}
}

func TestFollowBadStream(t *testing.T) {
	daemon := dockertest.Start(t, balancer("aa", time.Hour))
	counts, errors := follow(t, daemon)
	faulty := func() float64 { return errors.Family().Samples[3].Value }
	daemon.Log("aa") <- []byte("a terminal's log, without frames\n")
	until(t, "the fault is counted", func() bool { return faulty() == 1 })
	daemon.Break("aa")
	daemon.Log("aa") <- dockertest.Frame(1, haproxy("lamp/a", "200")+"\n")
	shows(t, counts, "lamp 2xx 1")
	if got := faulty(); got != 1 {
		t.Errorf("%v faults, want 1", got)
	}
}
