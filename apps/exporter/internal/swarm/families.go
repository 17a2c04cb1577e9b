package swarm

import (
	"encoding/json"
	"slices"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/metrics"
)

// policyLabel is the label of a service in which the steward finds its policy, in JSON.
const policyLabel = "swarm-farm.autoscale"

// jobLabel is the label of a service whose tasks run on a schedule, and end: the program that starts them counts their runs.
const jobLabel = "swarm.cronjob.enable"

// family is a gauge with a number for each of some objects.
func family[T any](name, help string, all []T, sample func(T) (metrics.Sample, bool)) metrics.Family {
	result := metrics.Family{Name: name, Help: help, Kind: metrics.Gauge}
	for _, of := range all {
		if one, known := sample(of); known {
			result.Samples = append(result.Samples, one)
		}
	}
	return result
}

func families(found state, now time.Time) []metrics.Family {
	failed := failures(found.tasks, now)
	done := finished(found)
	found.services = slices.DeleteFunc(slices.Clone(found.services), func(of docker.Service) bool {
		return of.Spec.Labels[jobLabel] == "true"
	})
	return []metrics.Family{
		family("swarm_farm_node_ready", "Whether the swarm reports the node as ready.", found.nodes,
			func(of docker.Node) (metrics.Sample, bool) { return ofNode(of, of.Status.State == "ready"), true }),
		family("swarm_farm_node_active", "Whether the node takes tasks: it is not drained or paused.", found.nodes,
			func(of docker.Node) (metrics.Sample, bool) { return ofNode(of, of.Spec.Availability == "active"), true }),
		family("swarm_farm_manager_reachable", "Whether the other managers reach this one.", found.nodes,
			func(of docker.Node) (metrics.Sample, bool) {
				return ofNode(of, of.ManagerStatus != nil && of.ManagerStatus.Reachability == "reachable"), of.ManagerStatus != nil
			}),
		family("swarm_farm_service_desired_tasks", "Tasks that the service should have, without those that have done their work.",
			found.services, func(of docker.Service) (metrics.Sample, bool) {
				status := of.ServiceStatus
				return ofService(of, float64(max(status.RunningTasks, status.DesiredTasks-min(done[of.ID], status.DesiredTasks)))), true
			}),
		family("swarm_farm_service_running_tasks", "Tasks that run and are healthy.", found.services,
			func(of docker.Service) (metrics.Sample, bool) {
				return ofService(of, float64(of.ServiceStatus.RunningTasks)), true
			}),
		family("swarm_farm_service_failed_tasks", "Tasks that failed within the last ten minutes; Swarm remembers five of each replica.",
			found.services, func(of docker.Service) (metrics.Sample, bool) { return ofService(of, failed[of.ID]), true }),
		family("swarm_farm_service_update_failed", "Whether the last update was rolled back, or stopped at a failure.", found.services,
			func(of docker.Service) (metrics.Sample, bool) {
				return ofService(of, number(hasFailed(of.UpdateStatus.State))), true
			}),
		family("swarm_farm_service_max_replicas", "The most replicas that the service's policy allows; missing without a policy.",
			found.services, most),
	}
}

func ofNode(of docker.Node, value bool) metrics.Sample {
	return metrics.Sample{
		Labels: []metrics.Label{{Name: "node", Value: of.Description.Hostname}, {Name: "node_id", Value: of.ID}, {Name: "role", Value: of.Spec.Role}},
		Value:  number(value),
	}
}

func ofService(of docker.Service, value float64) metrics.Sample {
	return metrics.Sample{Labels: []metrics.Label{{Name: "service", Value: of.Spec.Name}}, Value: value}
}

// hasFailed is for `rollback_started`, `rollback_paused`, `rollback_completed`, and `paused`, which is an update that stopped.
func hasFailed(state string) bool {
	switch state {
	case "paused", "rollback_started", "rollback_paused", "rollback_completed":
		return true
	}
	return false
}

func failures(tasks []docker.Task, now time.Time) map[string]float64 {
	counts := map[string]float64{}
	for _, of := range tasks {
		ended := of.Status.State == "failed" || of.Status.State == "rejected"
		if ended && now.Sub(of.Status.Timestamp) < recent {
			counts[of.ServiceID]++
		}
	}
	return counts
}

// finished counts the replicas of a service whose last task ended well, and that Swarm starts no other task for: it desires them still.
func finished(found state) map[string]uint64 {
	type replica struct {
		service string
		slot    uint64
	}
	last := map[replica]docker.Task{}
	for _, of := range found.tasks {
		key := replica{of.ServiceID, of.Slot}
		if of.Slot > 0 && !of.CreatedAt.Before(last[key].CreatedAt) {
			last[key] = of
		}
	}
	counts := map[string]uint64{}
	for key, of := range last {
		if of.Status.State == "complete" {
			counts[key.service]++
		}
	}
	for _, of := range found.services {
		if condition := of.Spec.TaskTemplate.RestartPolicy.Condition; condition != "none" && condition != "on-failure" {
			delete(counts, of.ID)
		}
	}
	return counts
}

func most(of docker.Service) (metrics.Sample, bool) {
	var policy struct {
		Max float64 `json:"max"`
	}
	text, there := of.Spec.Labels[policyLabel]
	if !there || json.Unmarshal([]byte(text), &policy) != nil || policy.Max <= 0 {
		return metrics.Sample{}, false
	}
	return ofService(of, policy.Max), true
}

func number(value bool) float64 {
	if value {
		return 1
	}
	return 0
}
