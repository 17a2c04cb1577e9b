package phpfpm

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"swarm-farm/apps/exporter/internal/metrics"
)

// up is the family that php-fpm has first. Its help names the pool, and would differ between tasks.
const (
	up     = "phpfpm_up"
	upHelp = "Whether php-fpm answers for its status."
)

// maxFamilies is four times what php-fpm 8.4 has.
const maxFamilies = 64

var line = regexp.MustCompile(`^(?:# (HELP|TYPE) )?(phpfpm_[a-z_]{1,60}) (.{1,300})$`)

// parse reads php-fpm's page in OpenMetrics format: names without labels, with one number each. Names, help and kinds stay
// its own.
func parse(text []byte) ([]metrics.Family, error) {
	var families []metrics.Family
	byName := map[string]*metrics.Family{}
	of := func(name string) *metrics.Family {
		if byName[name] == nil {
			byName[name] = &metrics.Family{Name: name, Kind: metrics.Gauge}
		}
		return byName[name]
	}
	for _, each := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		if each == "# EOF" {
			break
		}
		found := line.FindStringSubmatch(each)
		if found == nil {
			return nil, fmt.Errorf("it has the line %.80q", each)
		}
		family := of(found[2])
		switch found[1] {
		case "HELP":
			family.Help = found[3]
		case "TYPE":
			if found[3] == string(metrics.Counter) {
				family.Kind = metrics.Counter
			}
		default:
			value, err := strconv.ParseFloat(found[3], 64)
			if err != nil {
				return nil, fmt.Errorf("it has the line %.80q", each)
			}
			family.Samples = []metrics.Sample{{Value: value}}
			families = append(families, *family)
		}
	}
	if byName[up] == nil || len(byName) > maxFamilies || len(families) != len(byName) {
		return nil, errors.New("it is no status page of php-fpm")
	}
	return families, nil
}

// merged is the families of all tasks, each number with its task's address.
func merged(addresses []string, pages [][]metrics.Family) []metrics.Family {
	var all []metrics.Family
	at := map[string]int{}
	for task, page := range pages {
		for _, family := range page {
			if _, known := at[family.Name]; !known {
				at[family.Name] = len(all)
				if family.Name == up {
					family.Help = upHelp
				}
				all = append(all, metrics.Family{Name: family.Name, Help: family.Help, Kind: family.Kind})
			}
			into := &all[at[family.Name]]
			for _, sample := range family.Samples {
				sample.Labels = []metrics.Label{{Name: "task", Value: addresses[task]}}
				into.Samples = append(into.Samples, sample)
			}
		}
	}
	return all
}
