// Package usage shows what the containers of Swarm services use on this node, under cAdvisor's names: what reads the one
// can read the other.
package usage

import (
	"context"
	"sync"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/metrics"
)

// atOnce is how many containers are read from Docker at the same time: enough to overlap waiting, too few to be felt.
const atOnce = 2

// Collector queries Docker when it is scraped, and not at any other time.
type Collector struct {
	docker *docker.Client
	faults *faults.Counts
	limits fresh.Limits

	gate    fresh.Gate
	took    time.Duration
	all     []usage
	details map[string]docker.Details
}

// usage is one container with its numbers.
type usage struct {
	container docker.Container
	details   docker.Details
	stats     docker.Stats
	seen      time.Time
}

// New returns a collector that has not collected anything.
func New(client *docker.Client, counts *faults.Counts, limits fresh.Limits) *Collector {
	return &Collector{docker: client, faults: counts, limits: limits, details: map[string]docker.Details{}}
}

// Families is what runs now. Nothing old is ever shown: without Docker's answer there are no containers.
func (c *Collector) Families() []metrics.Family {
	return fresh.Serve(&c.gate, c.limits.Fresh, c.collect, c.show)
}

func (c *Collector) show() []metrics.Family {
	return append(families(c.all), metrics.Family{
		Name:    "swarm_farm_exporter_collect_seconds",
		Help:    "How long Docker took to report what its containers use.",
		Kind:    metrics.Gauge,
		Samples: []metrics.Sample{{Value: c.took.Seconds()}},
	})
}

// collect belongs to no request: one that is given up must not spoil the answer that others wait for.
func (c *Collector) collect() {
	ctx, cancel := context.WithTimeout(context.Background(), c.limits.Deadline)
	defer cancel()
	began := time.Now()
	c.all = nil
	found, err := c.docker.Containers(ctx, "")
	if err != nil {
		c.faults.Add(faults.List, err)
	} else {
		c.forget(found)
		c.all = c.usages(ctx, found)
	}
	c.took = time.Since(began)
}

// usages queries Docker about each container; the result is in the order of the list, without those that did not answer.
func (c *Collector) usages(ctx context.Context, found []docker.Container) []usage {
	answers := make([]*usage, len(found))
	next := make(chan int)
	var asking sync.WaitGroup
	var details sync.Mutex
	for range min(atOnce, len(found)) {
		asking.Add(1)
		go func() {
			defer asking.Done()
			for i := range next {
				answers[i] = c.one(ctx, &details, found[i])
			}
		}()
	}
	for i := range found {
		next <- i
	}
	close(next)
	asking.Wait()

	var all []usage
	for _, answer := range answers {
		if answer != nil {
			all = append(all, *answer)
		}
	}
	return all
}

func (c *Collector) one(ctx context.Context, lock *sync.Mutex, container docker.Container) *usage {
	lock.Lock()
	details, known := c.details[container.ID]
	lock.Unlock()
	if !known {
		var err error
		if details, err = c.docker.Details(ctx, container.ID); err != nil {
			c.blame(faults.Inspect, err)
			return nil
		}
		lock.Lock()
		c.details[container.ID] = details
		lock.Unlock()
	}
	stats, err := c.docker.Stats(ctx, container.ID)
	if err != nil {
		c.blame(faults.Stats, err)
		return nil
	}
	if stats.Ended() {
		return nil
	}
	return &usage{container: container, details: details, stats: stats, seen: time.Now()}
}

func (c *Collector) blame(what faults.What, err error) {
	if !docker.IsGone(err) {
		c.faults.Add(what, err)
	}
}

// forget drops the details of containers that are gone.
func (c *Collector) forget(found []docker.Container) {
	kept := make(map[string]docker.Details, len(found))
	for _, container := range found {
		if details, known := c.details[container.ID]; known {
			kept[container.ID] = details
		}
	}
	c.details = kept
}
