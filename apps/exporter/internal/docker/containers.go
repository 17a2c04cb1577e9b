package docker

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// Labels that Swarm gives to the containers of its tasks.
const (
	ServiceName = "com.docker.swarm.service.name"
	TaskName    = "com.docker.swarm.task.name"
	NodeID      = "com.docker.swarm.node.id"
)

// Container is one that runs for a task.
type Container struct {
	ID      string
	Names   []string
	Labels  map[string]string
	Created int64
}

// Name is how cAdvisor calls it.
func (c Container) Name() string {
	if len(c.Names) == 0 {
		return c.ID
	}
	return strings.TrimPrefix(c.Names[0], "/")
}

// Containers lists what runs for Swarm services, or for one of them if it is named.
func (c *Client) Containers(ctx context.Context, service string) ([]Container, error) {
	label := ServiceName
	if service != "" {
		label += "=" + service
	}
	filters, err := json.Marshal(map[string][]string{"label": {label}})
	if err != nil {
		return nil, err
	}
	var found []Container
	err = c.json(ctx, "/containers/json", url.Values{"filters": {string(filters)}}, &found)
	return found, err
}

// Details is what stays the same while a container runs.
type Details struct {
	State struct {
		StartedAt time.Time
	}
	HostConfig struct {
		// Memory is its limit in bytes, 0 without one.
		Memory int64
		// NanoCPUs is its limit in billionths of a processor, 0 without one.
		NanoCPUs int64 `json:"NanoCpus"`
	}
}

// Details reads one container's.
func (c *Client) Details(ctx context.Context, id string) (Details, error) {
	var details Details
	err := c.json(ctx, "/containers/"+url.PathEscape(id)+"/json", nil, &details)
	return details, err
}

// Stats is what a container uses at one moment.
type Stats struct {
	Read time.Time `json:"read"`
	CPU  struct {
		Usage struct {
			Nanoseconds uint64 `json:"total_usage"`
		} `json:"cpu_usage"`
	} `json:"cpu_stats"`
	Memory struct {
		Usage uint64 `json:"usage"`
		Stats struct {
			InactiveFile uint64 `json:"inactive_file"`
		} `json:"stats"`
	} `json:"memory_stats"`
}

// Ended reports whether the container had stopped when it was read: Docker then answers with nothing but its name.
func (s Stats) Ended() bool { return s.Read.IsZero() }

// WorkingSet is the memory that cannot be reclaimed at once, as cAdvisor computes it.
func (s Stats) WorkingSet() uint64 {
	if s.Memory.Usage < s.Memory.Stats.InactiveFile {
		return 0
	}
	return s.Memory.Usage - s.Memory.Stats.InactiveFile
}

// Stats reads one container's. In one shot: Docker would wait a second for a second sample that nobody needs.
func (c *Client) Stats(ctx context.Context, id string) (Stats, error) {
	var stats Stats
	query := url.Values{"stream": {"false"}, "one-shot": {"true"}}
	err := c.json(ctx, "/containers/"+url.PathEscape(id)+"/stats", query, &stats)
	return stats, err
}
