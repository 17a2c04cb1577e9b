// Package faults counts what went wrong, by what was being done.
package faults

import (
	"log"
	"sync"
	"time"

	"swarm-farm/apps/exporter/internal/metrics"
)

// What names something that can fail. The list is fixed, so that each is there as 0 before it first happens.
type What string

// Everything that can fail.
const (
	List    What = "list"
	Inspect What = "inspect"
	Stats   What = "stats"
	Log     What = "log"
	Swarm   What = "swarm"
	Php     What = "php"
)

// quiet is how long the same kind of fault is only counted: one that is away would fill the log.
const quiet = time.Minute

// Counts is how often each has failed.
type Counts struct {
	lock   sync.Mutex
	times  map[What]uint64
	logged map[What]time.Time
}

// New returns counts that are all 0.
func New() *Counts {
	return &Counts{times: map[What]uint64{}, logged: map[What]time.Time{}}
}

// Add counts one more, and logs why at most once a minute.
func (c *Counts) Add(what What, err error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.times[what]++
	if now := time.Now(); now.Sub(c.logged[what]) >= quiet {
		c.logged[what] = now
		log.Printf("%s: %v", what, err)
	}
}

// Family is the counts as they are served.
func (c *Counts) Family() metrics.Family {
	c.lock.Lock()
	defer c.lock.Unlock()
	family := metrics.Family{
		Name: "swarm_farm_exporter_errors_total",
		Help: "Questions to Docker and php that were not answered as they should be.",
		Kind: metrics.Counter,
	}
	for _, what := range []What{List, Inspect, Stats, Log, Swarm, Php} {
		family.Samples = append(family.Samples, metrics.Sample{
			Labels: []metrics.Label{{Name: "what", Value: string(what)}},
			Value:  float64(c.times[what]),
		})
	}
	return family
}
