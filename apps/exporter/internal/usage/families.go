package usage

import (
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/metrics"
)

// period is the time that Docker sets a limit of processors for, microseconds.
const period = 100_000

// column is one family and where its numbers come from; nothing is shown of a container for which there is none.
type column struct {
	family metrics.Family
	value  func(usage) (value float64, known bool)
}

func always(value func(usage) float64) func(usage) (float64, bool) {
	return func(of usage) (float64, bool) { return value(of), true }
}

func quota(of usage) (float64, bool) {
	cpus := float64(of.details.HostConfig.NanoCPUs) / 1e9
	return cpus * period, cpus > 0
}

var columns = []column{
	{
		metrics.Family{Name: "container_cpu_usage_seconds_total", Help: "Processor time used.", Kind: metrics.Counter},
		always(func(of usage) float64 { return float64(of.stats.CPU.Usage.Nanoseconds) / 1e9 }),
	},
	{
		metrics.Family{
			Name: "container_memory_working_set_bytes",
			Help: "Memory used, without file pages that can be reclaimed at once.",
			Kind: metrics.Gauge,
		},
		always(func(of usage) float64 { return float64(of.stats.WorkingSet()) }),
	},
	{
		metrics.Family{Name: "container_spec_memory_limit_bytes", Help: "Memory it may use, 0 without a limit.", Kind: metrics.Gauge},
		always(func(of usage) float64 { return float64(of.details.HostConfig.Memory) }),
	},
	{
		metrics.Family{
			Name: "container_spec_cpu_quota",
			Help: "Processor time it may use in a period, microseconds.",
			Kind: metrics.Gauge,
		},
		quota,
	},
	{
		metrics.Family{Name: "container_spec_cpu_period", Help: "The period of the quota, microseconds.", Kind: metrics.Gauge},
		func(of usage) (float64, bool) {
			_, known := quota(of)
			return period, known
		},
	},
	{
		metrics.Family{Name: "container_start_time_seconds", Help: "When it was started, seconds since 1970.", Kind: metrics.Gauge},
		always(func(of usage) float64 { return seconds(of.details.State.StartedAt) }),
	},
	{
		metrics.Family{Name: "container_last_seen", Help: "When it was last looked at, seconds since 1970.", Kind: metrics.Gauge},
		always(func(of usage) float64 { return seconds(of.seen) }),
	},
}

func families(all []usage) []metrics.Family {
	result := make([]metrics.Family, 0, len(columns))
	for _, column := range columns {
		family := column.family
		for _, of := range all {
			if value, known := column.value(of); known {
				family.Samples = append(family.Samples, metrics.Sample{Labels: labels(of.container), Value: value})
			}
		}
		result = append(result, family)
	}
	return result
}

func labels(container docker.Container) []metrics.Label {
	return []metrics.Label{
		{Name: "name", Value: container.Name()},
		{Name: "container_label_com_docker_swarm_service_name", Value: container.Labels[docker.ServiceName]},
		{Name: "container_label_com_docker_swarm_task_name", Value: container.Labels[docker.TaskName]},
		{Name: "container_label_com_docker_swarm_node_id", Value: container.Labels[docker.NodeID]},
	}
}

func seconds(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }
