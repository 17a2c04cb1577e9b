package dockertest

import (
	"encoding/json"
	"strings"
	"time"
)

type object = map[string]any

// list is those that the filter lets through: by the service's label, with or without its value.
func (d *Daemon) list(filters string) []object {
	var requested struct{ Label []string }
	_ = json.Unmarshal([]byte(filters), &requested)
	d.lock.Lock()
	defer d.lock.Unlock()
	found := []object{}
	for _, container := range d.containers {
		service := "com.docker.swarm.service.name=" + container.Service
		if len(requested.Label) != 1 || !strings.HasPrefix(service, requested.Label[0]) || container.Service == "" {
			continue
		}
		found = append(found, object{
			"Id": container.ID, "Names": []string{"/" + container.Name}, "Created": container.Created.Unix(),
			"Labels": object{
				"com.docker.swarm.service.name": container.Service,
				"com.docker.swarm.task.name":    container.Task,
				"com.docker.swarm.node.id":      "node1",
			},
		})
	}
	return found
}

func details(of Container) object {
	return object{
		"Id":         of.ID,
		"State":      object{"StartedAt": of.Created.UTC().Format(time.RFC3339Nano)},
		"HostConfig": object{"Memory": of.MemoryLimit, "NanoCpus": of.NanoCPUs},
	}
}

func stats(of Container) object {
	if of.Ended {
		return object{"id": of.ID, "name": "/" + of.Name, "read": "0001-01-01T00:00:00Z", "cpu_stats": object{}, "memory_stats": object{}}
	}
	return object{
		"id": of.ID, "name": "/" + of.Name, "read": time.Now().UTC().Format(time.RFC3339Nano),
		"cpu_stats": object{"cpu_usage": object{"total_usage": of.CPUNanoseconds, "usage_in_usermode": 1}, "online_cpus": 1},
		"memory_stats": object{
			"usage": of.MemoryUsage, "limit": 1 << 30, "stats": object{"inactive_file": of.InactiveFile, "anon": 5},
		},
	}
}
