// Package swarm shows what a manager knows about nodes and services: what alerts are about.
package swarm

import (
	"context"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/metrics"
)

// recent is how long a failed task counts.
const recent = 10 * time.Minute

// Collector queries a manager when it is scraped, and not at any other time.
type Collector struct {
	docker *docker.Client
	faults *faults.Counts
	limits fresh.Limits

	gate     fresh.Gate
	families []metrics.Family
}

// state is one answer of a manager.
type state struct {
	nodes    []docker.Node
	services []docker.Service
	tasks    []docker.Task
}

// New returns a collector that has not collected anything.
func New(client *docker.Client, counts *faults.Counts, limits fresh.Limits) *Collector {
	return &Collector{docker: client, faults: counts, limits: limits}
}

// Families is what the swarm is now. Nothing old is ever shown: without a leader there is only swarm_farm_swarm_up, which is 0.
func (c *Collector) Families() []metrics.Family {
	return fresh.Serve(&c.gate, c.limits.Fresh, c.collect, func() []metrics.Family { return c.families })
}

func (c *Collector) collect() {
	ctx, cancel := context.WithTimeout(context.Background(), c.limits.Deadline)
	defer cancel()
	found, err := c.ask(ctx)
	if err != nil {
		c.faults.Add(faults.Swarm, err)
		c.families = []metrics.Family{up(0)}
	} else {
		c.families = append([]metrics.Family{up(1)}, families(found, time.Now())...)
	}
}

func (c *Collector) ask(ctx context.Context) (state, error) {
	var found state
	var err error
	if found.nodes, err = c.docker.Nodes(ctx); err != nil {
		return found, err
	}
	if found.services, err = c.docker.Services(ctx); err != nil {
		return found, err
	}
	found.tasks, err = c.docker.Tasks(ctx)
	return found, err
}

func up(value float64) metrics.Family {
	return metrics.Family{
		Name:    "swarm_farm_swarm_up",
		Help:    "Whether the manager that was asked has a leader and answers.",
		Kind:    metrics.Gauge,
		Samples: []metrics.Sample{{Value: value}},
	}
}
