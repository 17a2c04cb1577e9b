package requests

import (
	"context"
	"sync"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/faults"
)

const (
	// lookEvery is how soon a new container of the load balancer is found.
	lookEvery = 5 * time.Second
	// lookLimit is how long Docker may take to list them.
	lookLimit = 20 * time.Second
	// missedLooks is after how many looks without it a container's log is let go, should Docker not end it by itself.
	missedLooks = 2
)

// Follower reads the log of each container of one service on this node, as they come and go.
type Follower struct {
	docker  *docker.Client
	faults  *faults.Counts
	counts  *Counts
	service string
	every   time.Duration
	began   time.Time

	lock  sync.Mutex
	reads map[string]*reading
}

// reading is one container's log.
type reading struct {
	stop   context.CancelFunc
	open   bool
	missed int
	// read is the moment until which the log is known; zero before it was first opened.
	read time.Time
}

// NewFollower returns a follower that is not running yet.
func NewFollower(client *docker.Client, errors *faults.Counts, counts *Counts, service string) *Follower {
	return &Follower{
		docker: client, faults: errors, counts: counts, service: service,
		every: lookEvery, began: time.Now(), reads: map[string]*reading{},
	}
}

// Run follows until the context ends.
func (f *Follower) Run(ctx context.Context) {
	var reading sync.WaitGroup
	defer reading.Wait()
	turn := time.NewTicker(f.every)
	defer turn.Stop()
	for {
		f.look(ctx, &reading)
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}

// look opens the logs of containers that are new, and those that ended though their container runs.
func (f *Follower) look(ctx context.Context, running *sync.WaitGroup) {
	asking, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	found, err := f.docker.Containers(asking, f.service)
	if err != nil {
		if ctx.Err() == nil {
			f.faults.Add(faults.List, err)
		}
		return
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	here := map[string]bool{}
	for _, container := range found {
		here[container.ID] = true
		log := f.reads[container.ID]
		if log == nil {
			log = &reading{stop: func() {}}
			f.reads[container.ID] = log
		}
		log.missed = 0
		if log.open {
			continue
		}
		from := docker.From{Since: log.read}
		// All that a container wrote that is younger than this program happened in this program's time.
		if log.read.IsZero() && container.Created > f.began.Unix() {
			from = docker.From{All: true}
		}
		following, stop := context.WithCancel(ctx)
		log.open, log.stop = true, stop
		running.Add(1)
		go func() {
			defer running.Done()
			defer stop()
			f.follow(following, container.ID, log, from)
		}()
	}
	f.release(here)
}

// release lets go of containers that are gone; their last lines may still be on the way at the first look without them.
func (f *Follower) release(here map[string]bool) {
	for id, log := range f.reads {
		if here[id] {
			continue
		}
		if log.missed++; log.missed >= missedLooks || !log.open {
			log.stop()
			delete(f.reads, id)
		}
	}
}

func (f *Follower) follow(ctx context.Context, id string, log *reading, from docker.From) {
	opened := time.Now()
	stream, err := f.docker.Log(ctx, id, from)
	if err == nil {
		f.mark(log, opened)
		defer stream.Close()
		text := lines{hand: f.counts.Line}
		err = docker.Stdout(stream, func(data []byte) {
			text.add(data)
			f.mark(log, time.Now())
		})
	}
	if err != nil && ctx.Err() == nil && !docker.IsGone(err) {
		f.faults.Add(faults.Log, err)
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	log.open = false
}

// mark notes until when the log is known: what Docker logs from then on is read again if the stream breaks.
func (f *Follower) mark(log *reading, until time.Time) {
	f.lock.Lock()
	defer f.lock.Unlock()
	log.read = until
}
