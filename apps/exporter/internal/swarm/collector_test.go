package swarm

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/dockertest"
	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/fresh"
	"swarm-farm/apps/exporter/internal/metrics"
)

type object = map[string]any

var limits = fresh.Limits{Deadline: time.Second}

func node(name, role, state, availability string, manager any) object {
	of := object{
		"ID": "id-" + name, "Spec": object{"Role": role, "Availability": availability},
		"Description": object{"Hostname": name}, "Status": object{"State": state},
	}
	if manager != nil {
		of["ManagerStatus"] = manager
	}
	return of
}

func service(name string, desired, running int, update string, labels object) object {
	return object{
		"ID": "id-" + name, "Spec": object{"Name": name, "Labels": labels},
		"ServiceStatus": object{"DesiredTasks": desired, "RunningTasks": running},
		"UpdateStatus":  object{"State": update},
	}
}

func task(service, state string, ago time.Duration) object {
	at := time.Now().Add(-ago).UTC().Format(time.RFC3339Nano)
	return object{"ServiceID": "id-" + service, "Status": object{"Timestamp": at, "State": state}}
}

// shown is the page as lines of name, labels and number.
func shown(t *testing.T, of *Collector) map[string]bool {
	t.Helper()
	var text strings.Builder
	if err := metrics.Write(&text, of.Families()); err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for _, line := range strings.Split(text.String(), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			lines[line] = true
		}
	}
	return lines
}

func expect(t *testing.T, lines map[string]bool, want ...string) {
	t.Helper()
	for _, line := range want {
		if !lines[line] {
			t.Errorf("no %s in %v", line, lines)
		}
	}
}

func TestNodes(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{
		"/nodes": []any{
			node("m1", "manager", "ready", "active", object{"Leader": true, "Reachability": "reachable"}),
			node("m2", "manager", "down", "active", object{"Reachability": "unreachable"}),
			node("w1", "worker", "ready", "drain", nil),
		},
		"/services": []any{}, "/tasks": []any{},
	}
	lines := shown(t, New(docker.New(daemon.Socket), faults.New(), limits))
	labels := func(name, role string) string {
		return fmt.Sprintf(`{node="%s",node_id="id-%s",role="%s"}`, name, name, role)
	}
	expect(t, lines, "swarm_farm_swarm_up 1",
		"swarm_farm_node_ready"+labels("m1", "manager")+" 1", "swarm_farm_node_ready"+labels("m2", "manager")+" 0",
		"swarm_farm_node_active"+labels("m1", "manager")+" 1", "swarm_farm_node_active"+labels("w1", "worker")+" 0",
		"swarm_farm_manager_reachable"+labels("m1", "manager")+" 1", "swarm_farm_manager_reachable"+labels("m2", "manager")+" 0",
	)
	for line := range lines {
		if strings.HasPrefix(line, `swarm_farm_manager_reachable{node="w1"`) {
			t.Errorf("a worker is no manager: %s", line)
		}
	}
}

func TestServices(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{
		"/nodes": []any{},
		"/services": []any{
			service("web", 3, 2, "rollback_completed", object{policyLabel: `{"min":1,"max":8}`}),
			service("db", 1, 1, "completed", object{policyLabel: "no JSON"}),
			service("job", 0, 0, "paused", nil),
			service("new", 1, 1, "", object{policyLabel: `{"max":"many"}`}),
		},
		"/tasks": []any{
			task("web", "failed", time.Minute), task("web", "rejected", 9*time.Minute), task("web", "failed", 11*time.Minute),
			task("web", "running", time.Second), task("db", "shutdown", time.Second),
		},
	}
	lines := shown(t, New(docker.New(daemon.Socket), faults.New(), limits))
	expect(t, lines,
		`swarm_farm_service_desired_tasks{service="web"} 3`, `swarm_farm_service_running_tasks{service="web"} 2`,
		`swarm_farm_service_failed_tasks{service="web"} 2`, `swarm_farm_service_failed_tasks{service="db"} 0`,
		`swarm_farm_service_update_failed{service="web"} 1`, `swarm_farm_service_update_failed{service="db"} 0`,
		`swarm_farm_service_update_failed{service="job"} 1`, `swarm_farm_service_update_failed{service="new"} 0`,
		`swarm_farm_service_max_replicas{service="web"} 8`,
	)
	for line := range lines {
		if strings.HasPrefix(line, "swarm_farm_service_max_replicas") && !strings.Contains(line, "web") {
			t.Errorf("a policy that cannot be read has no maximum: %s", line)
		}
	}
	for _, request := range daemon.Requests() {
		if strings.Contains(request, "/services") && !strings.HasSuffix(request, "?status=true") {
			t.Errorf("the numbers of tasks were not asked for: %s", request)
		}
	}
}

func TestJobsHaveNoSamples(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{
		"/nodes": []any{},
		"/services": []any{
			service("report", 1, 0, "paused", object{"swarm.cronjob.enable": "true"}),
			service("off", 1, 0, "", object{"swarm.cronjob.enable": "false"}),
		},
		"/tasks": []any{task("report", "failed", time.Minute)},
	}
	lines := shown(t, New(docker.New(daemon.Socket), faults.New(), limits))
	expect(t, lines, `swarm_farm_service_desired_tasks{service="off"} 1`)
	for line := range lines {
		if strings.Contains(line, "report") {
			t.Errorf("a job is shown: %s", line)
		}
	}
}

func TestWorkThatIsDone(t *testing.T) {
	oneShot := func(name string, desired, running int, condition string) object {
		of := service(name, desired, running, "", nil)
		of["Spec"].(object)["TaskTemplate"] = object{"RestartPolicy": object{"Condition": condition}}
		return of
	}
	created := func(name string, slot int, state string, ago time.Duration) object {
		of := task(name, state, ago)
		of["Slot"] = slot
		of["CreatedAt"] = time.Now().Add(-ago).UTC().Format(time.RFC3339Nano)
		return of
	}
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{
		"/nodes": []any{},
		"/services": []any{
			oneShot("migrate", 1, 0, "on-failure"), oneShot("seed", 3, 1, "none"), oneShot("again", 1, 0, "none"),
			oneShot("failed", 1, 0, "on-failure"), oneShot("web", 2, 0, "any"), service("default", 1, 0, "", nil),
			oneShot("scaled", 1, 1, "none"),
		},
		"/tasks": []any{
			created("migrate", 1, "complete", time.Minute), created("migrate", 1, "failed", 2*time.Minute),
			created("seed", 1, "complete", time.Hour), created("seed", 2, "running", time.Hour), created("seed", 3, "pending", time.Hour),
			// The work of a newer version.
			created("again", 1, "preparing", time.Second), created("again", 1, "complete", time.Minute),
			created("failed", 1, "failed", time.Minute), created("failed", 1, "complete", time.Hour),
			created("web", 1, "complete", time.Minute), created("default", 1, "complete", time.Minute),
			created("scaled", 1, "running", time.Second), created("scaled", 2, "complete", time.Hour),
		},
	}
	expect(t, shown(t, New(docker.New(daemon.Socket), faults.New(), limits)),
		`swarm_farm_service_desired_tasks{service="migrate"} 0`, `swarm_farm_service_desired_tasks{service="seed"} 2`,
		`swarm_farm_service_desired_tasks{service="again"} 1`, `swarm_farm_service_desired_tasks{service="failed"} 1`,
		`swarm_farm_service_desired_tasks{service="web"} 2`, `swarm_farm_service_desired_tasks{service="default"} 1`,
		`swarm_farm_service_desired_tasks{service="scaled"} 1`,
	)
}

func TestWithoutLeader(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{"/nodes": []any{}, "/services": []any{}, "/tasks": []any{}}
	for _, path := range []string{"/nodes", "/services", "/tasks"} {
		daemon.Before = func(asked string) int {
			if asked == path {
				return http.StatusServiceUnavailable
			}
			return 0
		}
		counts := faults.New()
		lines := shown(t, New(docker.New(daemon.Socket), counts, limits))
		if len(lines) != 1 {
			t.Errorf("%s: something old is shown: %v", path, lines)
		}
		expect(t, lines, "swarm_farm_swarm_up 0")
		if last := counts.Family().Samples[4]; last.Value != 1 || last.Labels[0].Value != "swarm" {
			t.Errorf("%s: the fault is not counted: %v", path, last)
		}
	}
}

func TestFreshAnswersServeAllScrapes(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{"/nodes": []any{}, "/services": []any{}, "/tasks": []any{}}
	of := New(docker.New(daemon.Socket), faults.New(), fresh.Limits{Fresh: time.Hour, Deadline: time.Second})
	of.Families()
	of.Families()
	if asked := len(daemon.Requests()); asked != 3 {
		t.Errorf("%d requests, want 3", asked)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{"/nodes": "no list", "/services": []any{}, "/tasks": []any{}}
	counts := faults.New()
	lines := shown(t, New(docker.New(daemon.Socket), counts, limits))
	expect(t, lines, "swarm_farm_swarm_up 0")
	if len(lines) != 1 || counts.Family().Samples[4].Value != 1 {
		t.Errorf("an answer that is none is shown: %v", lines)
	}
}

func TestNamesOfServicesAndNodesAreLabels(t *testing.T) {
	daemon := dockertest.Start(t)
	daemon.Swarm = map[string]any{
		"/nodes":    []any{node("m1", "manager", "unknown", "pause", nil)},
		"/services": []any{service(`we"b`, 1, 0, "rollback_paused", nil), service("gone", 0, 0, "rollback_started", nil)},
		"/tasks":    []any{task("unknown", "failed", time.Second)},
	}
	lines := shown(t, New(docker.New(daemon.Socket), faults.New(), limits))
	expect(t, lines,
		`swarm_farm_service_running_tasks{service="we\"b"} 0`, `swarm_farm_service_update_failed{service="we\"b"} 1`,
		`swarm_farm_service_update_failed{service="gone"} 1`, `swarm_farm_service_failed_tasks{service="gone"} 0`,
		`swarm_farm_node_ready{node="m1",node_id="id-m1",role="manager"} 0`,
		`swarm_farm_node_active{node="m1",node_id="id-m1",role="manager"} 0`,
	)
}
