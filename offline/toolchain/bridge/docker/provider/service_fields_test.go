package provider

import (
	"reflect"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/swarm"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// fields wraps a block's fields as the provider's schema has them.
func fields(inside map[string]*schema.Schema) *schema.Schema {
	return &schema.Schema{Type: schema.TypeList, Elem: &schema.Resource{Schema: inside}}
}

func TestEachBlockGetsItsFieldsAndNoneIsComputed(t *testing.T) {
	containerFields := map[string]*schema.Schema{"healthcheck": fields(map[string]*schema.Schema{})}
	resources := map[string]*schema.Schema{"limits": fields(map[string]*schema.Schema{})}
	task := map[string]*schema.Schema{"container_spec": fields(containerFields), "resources": fields(resources)}
	service := &schema.Resource{Schema: map[string]*schema.Schema{"task_spec": fields(task)}}
	AddServiceFields(&schema.Provider{ResourcesMap: map[string]*schema.Resource{"docker_service": service}})
	for _, of := range []struct {
		block map[string]*schema.Schema
		name  string
	}{
		{containerFields, "tty"},
		{containerFields, "stdin_open"},
		{containerFields, "ulimit"},
		{block(containerFields, "healthcheck"), "start_interval"},
		{block(resources, "limits"), "pids"},
	} {
		if added := of.block[of.name]; added == nil || !added.Optional || added.Computed || added.ForceNew {
			t.Errorf("%s is %+v", of.name, added)
		}
	}
}

func TestAContainerIsReadAsItWasWritten(t *testing.T) {
	for _, values := range []map[string]interface{}{
		{},
		{"tty": true},
		{"stdin_open": true},
		{"ulimit": []interface{}{
			map[string]interface{}{"name": "nofile", "soft": 1, "hard": -1},
			map[string]interface{}{"name": "nproc", "soft": 5, "hard": 5},
		}},
	} {
		var spec swarm.ContainerSpec
		readContainer(values, &spec)
		written := map[string]interface{}{}
		writeContainer(&spec, written)
		if !reflect.DeepEqual(written, values) {
			t.Errorf("%v became %v", values, written)
		}
	}
}

func TestALimitOfProcessesAndAStartIntervalAreLeftOutWithoutOne(t *testing.T) {
	limits, health := swarm.Limit{Pids: 5}, container.HealthConfig{StartInterval: time.Second}
	readLimits(map[string]interface{}{}, &limits)
	readHealth(map[string]interface{}{}, &health)
	written := map[string]interface{}{}
	writeLimits(&limits, written)
	writeHealth(&health, written, time.Duration.String)
	if limits.Pids != 0 || health.StartInterval != 0 || len(written) != 0 {
		t.Errorf("%v, %v, %v", limits, health, written)
	}
}

func TestAStartIntervalHasTheProvidersFormOfDurations(t *testing.T) {
	var health container.HealthConfig
	readHealth(map[string]interface{}{"start_interval": "60s"}, &health)
	written := map[string]interface{}{}
	writeHealth(&health, written, func(time.Duration) string { return "1m" })
	if health.StartInterval != time.Minute || written["start_interval"] != "1m" {
		t.Errorf("%v, %v", health, written)
	}
}

func TestATextThatIsNoDurationIsRefused(t *testing.T) {
	for text, count := range map[string]int{"5s": 0, "0s": 0, "-1s": 1, "five": 1} {
		if _, problems := aDuration(text, "start_interval"); len(problems) != count {
			t.Errorf("%s: %v", text, problems)
		}
	}
}
