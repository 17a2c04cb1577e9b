module swarm-farm/apps/exporter

go 1.22
