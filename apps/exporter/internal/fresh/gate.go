// Package fresh lets one collection serve several scrapes.
package fresh

import (
	"sync"
	"time"
)

// Limits is how often Docker may be queried, and how long a query may take.
type Limits struct {
	// Fresh is how long what was collected serves all scrapes.
	Fresh time.Duration
	// Deadline is the longest that a collection takes; what has not come until then is left out.
	Deadline time.Duration
}

// DefaultLimits are for nodes under software emulation; the deadline is below the 10 s that Prometheus waits.
var DefaultLimits = Limits{Fresh: 5 * time.Second, Deadline: 8 * time.Second}

// Gate remembers when a collection ended.
type Gate struct {
	// lock is held while collecting: scrapes that come meanwhile wait, and get the same answer.
	lock  sync.Mutex
	ended time.Time
}

// Serve shows what was collected, after it has collected again if that is no longer fresh.
func Serve[Shown any](gate *Gate, fresh time.Duration, collect func(), show func() Shown) Shown {
	gate.lock.Lock()
	defer gate.lock.Unlock()
	if gate.ended.IsZero() || time.Since(gate.ended) >= fresh {
		collect()
		gate.ended = time.Now()
	}
	return show()
}
