package docker

import (
	"context"
	"time"
)

// Node is a member of the swarm, as a manager lists it.
type Node struct {
	ID   string
	Spec struct {
		Role         string
		Availability string
	}
	Description struct {
		Hostname string
	}
	Status struct {
		State string
	}
	// ManagerStatus is there for managers alone.
	ManagerStatus *struct {
		Leader       bool
		Reachability string
	}
}

// Service is one of the swarm's, as a manager lists it.
type Service struct {
	ID   string
	Spec struct {
		Name   string
		Labels map[string]string
		Mode   struct {
			Replicated *struct{ Replicas *uint64 }
		}
		TaskTemplate struct {
			// RestartPolicy has an empty condition where none is set, which is `any`.
			RestartPolicy struct{ Condition string }
		}
	}
	UpdateStatus struct {
		State string
	}
	// ServiceStatus is there if the list is asked for it.
	ServiceStatus struct {
		RunningTasks uint64
		DesiredTasks uint64
	}
}

// Task is one that runs or ran; Swarm keeps the last five of each replica.
type Task struct {
	ServiceID string
	// Slot is the number of the replica; 0 for a task of a global service.
	Slot      uint64
	CreatedAt time.Time
	Status    struct {
		Timestamp time.Time
		State     string
	}
}

// Nodes lists the swarm's members. Only a manager with a leader answers.
func (c *Client) Nodes(ctx context.Context) ([]Node, error) {
	var found []Node
	err := c.json(ctx, "/nodes", nil, &found)
	return found, err
}

// Services lists the swarm's services with their numbers of tasks.
func (c *Client) Services(ctx context.Context) ([]Service, error) {
	var found []Service
	err := c.json(ctx, "/services", map[string][]string{"status": {"true"}}, &found)
	return found, err
}

// Tasks lists the swarm's tasks, with those that ended.
func (c *Client) Tasks(ctx context.Context) ([]Task, error) {
	var found []Task
	err := c.json(ctx, "/tasks", nil, &found)
	return found, err
}
