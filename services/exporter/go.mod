module swarm-farm/services/exporter

go 1.22
