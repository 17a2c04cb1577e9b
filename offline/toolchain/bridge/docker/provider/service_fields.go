// Package provider holds the fields of a service that Swarm has and the Terraform provider lacks. changes.json puts this
// file into a copy of the provider's package of the same name, whose functions then call it.
package provider

import (
	"fmt"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/swarm"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// AddServiceFields adds the fields to the schema of docker_service. The names are those of docker_container.
//
// None is computed: a field that is left out is Docker's default, also where the service had another value.
func AddServiceFields(p *schema.Provider) {
	task := block(p.ResourcesMap["docker_service"].Schema, "task_spec")
	container := block(task, "container_spec")
	container["tty"] = &schema.Schema{
		Type: schema.TypeBool, Optional: true, Description: "Whether the container has a terminal.",
	}
	container["stdin_open"] = &schema.Schema{
		Type: schema.TypeBool, Optional: true, Description: "Whether the container's standard input is open.",
	}
	container["ulimit"] = &schema.Schema{
		Type: schema.TypeList, Optional: true, Description: "Resource limits of the container's processes.",
		Elem: &schema.Resource{Schema: map[string]*schema.Schema{
			"name": {Type: schema.TypeString, Required: true, Description: "The limit, e.g. `nofile`."},
			"soft": {Type: schema.TypeInt, Required: true, Description: "The soft limit, -1 for none."},
			"hard": {Type: schema.TypeInt, Required: true, Description: "The hard limit, -1 for none."},
		}},
	}
	block(container, "healthcheck")["start_interval"] = &schema.Schema{
		Type: schema.TypeString, Optional: true, ValidateFunc: aDuration,
		Description: "Time between checks during the start period (ms|s|m|h).",
	}
	block(block(task, "resources"), "limits")["pids"] = &schema.Schema{
		Type: schema.TypeInt, Optional: true, Description: "How many processes a container may have.",
	}
}

// block is the schema inside of a block of fields.
func block(fields map[string]*schema.Schema, name string) map[string]*schema.Schema {
	return fields[name].Elem.(*schema.Resource).Schema
}

// aDuration refuses a text that is none.
func aDuration(value interface{}, key string) (warnings []string, problems []error) {
	if duration, err := time.ParseDuration(value.(string)); err != nil || duration < 0 {
		problems = append(problems, fmt.Errorf("%s: '%v' is no duration, e.g. 5s", key, value))
	}
	return nil, problems
}

// readContainer takes the fields of a container from Terraform's values.
func readContainer(values map[string]interface{}, spec *swarm.ContainerSpec) {
	spec.TTY, _ = values["tty"].(bool)
	spec.OpenStdin, _ = values["stdin_open"].(bool)
	limits, _ := values["ulimit"].([]interface{})
	for _, each := range limits {
		limit := each.(map[string]interface{})
		spec.Ulimits = append(spec.Ulimits, &container.Ulimit{
			Name: limit["name"].(string), Soft: int64(limit["soft"].(int)), Hard: int64(limit["hard"].(int)),
		})
	}
}

// writeContainer gives Terraform the fields of a container.
func writeContainer(spec *swarm.ContainerSpec, values map[string]interface{}) {
	if spec.TTY {
		values["tty"] = true
	}
	if spec.OpenStdin {
		values["stdin_open"] = true
	}
	limits := make([]interface{}, 0, len(spec.Ulimits))
	for _, limit := range spec.Ulimits {
		limits = append(limits, map[string]interface{}{
			"name": limit.Name, "soft": int(limit.Soft), "hard": int(limit.Hard),
		})
	}
	if len(limits) > 0 {
		values["ulimit"] = limits
	}
}

// readHealth takes the field of a health check from Terraform's values; its schema has looked at the duration.
func readHealth(values map[string]interface{}, health *container.HealthConfig) {
	text, _ := values["start_interval"].(string)
	health.StartInterval, _ = time.ParseDuration(text)
}

// writeHealth gives Terraform the field of a health check, in the provider's form of durations.
func writeHealth(health *container.HealthConfig, values map[string]interface{}, short func(time.Duration) string) {
	if health.StartInterval > 0 {
		values["start_interval"] = short(health.StartInterval)
	}
}

// readLimits takes the field of a task's limits from Terraform's values.
func readLimits(values map[string]interface{}, limits *swarm.Limit) {
	pids, _ := values["pids"].(int)
	limits.Pids = int64(pids)
}

// writeLimits gives Terraform the field of a task's limits.
func writeLimits(limits *swarm.Limit, values map[string]interface{}) {
	if limits.Pids > 0 {
		values["pids"] = limits.Pids
	}
}
