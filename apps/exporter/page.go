package main

import (
	"io"
	"log"
	"net/http"

	"swarm-farm/apps/exporter/internal/docker"
	"swarm-farm/apps/exporter/internal/faults"
	"swarm-farm/apps/exporter/internal/metrics"
)

// page is what is served over HTTP.
type page struct {
	// docker is nil where Docker is not asked.
	docker  *docker.Client
	faults  *faults.Counts
	sources []source
}

// source is something with numbers to show.
type source interface {
	Families() []metrics.Family
}

func (p page) handler() http.Handler {
	paths := http.NewServeMux()
	paths.HandleFunc("GET /metrics", p.metrics)
	paths.HandleFunc("GET /healthz", p.healthz)
	return paths
}

func (p page) metrics(answer http.ResponseWriter, _ *http.Request) {
	var families []metrics.Family
	for _, of := range p.sources {
		families = append(families, of.Families()...)
	}
	// Last: what failed while collecting is reported at once.
	families = append(families, p.faults.Family())
	answer.Header().Set("Content-Type", metrics.ContentType)
	if err := metrics.Write(answer, families); err != nil {
		log.Printf("metrics: %v", err)
	}
}

// healthz reports whether Docker has ever answered: a socket that may not be opened is seen when the service is deployed,
// and a daemon that is busy later does not end the exporter.
func (p page) healthz(answer http.ResponseWriter, request *http.Request) {
	if p.docker != nil && !p.docker.Answered() {
		if _, err := p.docker.Containers(request.Context(), ""); err != nil {
			http.Error(answer, "Docker does not answer: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
	}
	_, _ = io.WriteString(answer, "ok\n")
}
