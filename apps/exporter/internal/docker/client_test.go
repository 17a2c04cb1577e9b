package docker_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/dockertest"
)

func TestContainersOfServices(t *testing.T) {
	daemon := dockertest.Start(t,
		dockertest.Container{ID: "a1", Name: "web.1.x", Service: "web", Task: "web.1.x"},
		dockertest.Container{ID: "a2", Name: "by-hand"},
		dockertest.Container{ID: "a3", Name: "db.1.y", Service: "db", Task: "db.1.y"},
	)
	client := docker.New(daemon.Socket)
	if client.Answered() {
		t.Error("it reports an answer of Docker before the first request")
	}
	all, err := client.Containers(context.Background(), "")
	if err != nil || len(all) != 2 || all[0].Name() != "web.1.x" || all[1].Labels[docker.NodeID] != "node1" {
		t.Errorf("got %+v, %v", all, err)
	}
	one, err := client.Containers(context.Background(), "db")
	if err != nil || len(one) != 1 || one[0].ID != "a3" {
		t.Errorf("got %+v, %v", one, err)
	}
	if !client.Answered() {
		t.Error("it reports that Docker never answered")
	}
}

func TestQuestions(t *testing.T) {
	daemon := dockertest.Start(t, dockertest.Container{ID: "a1", MemoryUsage: 100, InactiveFile: 30})
	client, ctx := docker.New(daemon.Socket), context.Background()
	stats, err := client.Stats(ctx, "a1")
	if err != nil || stats.WorkingSet() != 70 || stats.Ended() {
		t.Errorf("got %+v, %v", stats, err)
	}
	for _, from := range []docker.From{{}, {All: true}, {Since: time.Unix(1700000000, 5)}} {
		log, err := client.Log(ctx, "a1", from)
		if err != nil {
			t.Fatal(err)
		}
		log.Close()
	}
	want := []string{
		"GET /v1.44/containers/a1/stats?one-shot=true&stream=false",
		"GET /v1.44/containers/a1/logs?follow=true&stdout=true&tail=0",
		"GET /v1.44/containers/a1/logs?follow=true&stdout=true",
		"GET /v1.44/containers/a1/logs?follow=true&since=1700000000.000000005&stdout=true",
	}
	if got := daemon.Requests(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestRefusals(t *testing.T) {
	daemon := dockertest.Start(t, dockertest.Container{ID: "a1"})
	client, ctx := docker.New(daemon.Socket), context.Background()
	if _, err := client.Stats(ctx, "gone"); !docker.IsGone(err) {
		t.Errorf("a container that is gone: %v", err)
	}
	if _, err := client.Stats(ctx, "../../secrets"); !docker.IsGone(err) {
		t.Errorf("a path as an id: %v", err)
	}
	daemon.Before = func(string) int { return http.StatusInternalServerError }
	_, err := client.Stats(ctx, "a1")
	if docker.IsGone(err) || !strings.Contains(err.Error(), "Docker answers 500: ") {
		t.Errorf("an error of Docker's: %v", err)
	}
	if _, err := docker.New(filepath.Join(t.TempDir(), "none")).Containers(ctx, ""); err == nil || docker.IsGone(err) {
		t.Errorf("no socket: %v", err)
	}
}

func TestWorkingSetIsNeverBelowZero(t *testing.T) {
	var stats docker.Stats
	stats.Memory.Usage, stats.Memory.Stats.InactiveFile = 10, 20
	if got := stats.WorkingSet(); got != 0 {
		t.Errorf("got %d", got)
	}
}
