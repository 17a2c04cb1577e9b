package requests

import (
	"sort"
	"strconv"
	"sync"

	"swarm-farm/apps/exporter/internal/metrics"
)

// mostRoutes bounds what a load balancer that logs something unforeseen can cost.
const mostRoutes = 200

// classes are those of HTTP's status, by their first digit; 1xx is no answer yet.
const firstClass, lastClass = 2, 5

// Counts is how many requests were answered, by route and kind of status. Counts never go back.
type Counts struct {
	lock     sync.Mutex
	routes   map[string]*[lastClass + 1]uint64
	unparsed uint64
}

// NewCounts returns counts that are all 0.
func NewCounts() *Counts { return &Counts{routes: map[string]*[lastClass + 1]uint64{}} }

// Line takes one line of a load balancer's log.
func (c *Counts) Line(line string) {
	c.lock.Lock()
	defer c.lock.Unlock()
	answer, ok := parse(line)
	if !ok {
		c.unparsed++
		return
	}
	route := c.routes[answer.route]
	if route == nil {
		if len(c.routes) >= mostRoutes {
			c.unparsed++
			return
		}
		route = new([lastClass + 1]uint64)
		c.routes[answer.route] = route
	}
	route[answer.class]++
}

// Families is the counts as they are served. Every kind of status is there from a route's first request on: a rate needs a
// number before the first error.
func (c *Counts) Families() []metrics.Family {
	c.lock.Lock()
	defer c.lock.Unlock()
	answered := metrics.Family{
		Name: "swarm_farm_requests_total",
		Help: "Requests that this node's load balancer has answered.",
		Kind: metrics.Counter,
	}
	names := make([]string, 0, len(c.routes))
	for name := range c.routes {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for class := firstClass; class <= lastClass; class++ {
			answered.Samples = append(answered.Samples, metrics.Sample{
				Labels: []metrics.Label{{Name: "route", Value: name}, {Name: "code", Value: strconv.Itoa(class) + "xx"}},
				Value:  float64(c.routes[name][class]),
			})
		}
	}
	return []metrics.Family{answered, {
		Name:    "swarm_farm_log_lines_unparsed_total",
		Help:    "Lines of the load balancer's log that are no request.",
		Kind:    metrics.Counter,
		Samples: []metrics.Sample{{Value: float64(c.unparsed)}},
	}}
}
