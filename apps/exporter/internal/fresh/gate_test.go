package fresh

import (
	"sync"
	"testing"
	"time"
)

// serve counts collections, and shows the number of the last one.
func serve(gate *Gate, fresh time.Duration, collections *int) int {
	return Serve(gate, fresh, func() { *collections++ }, func() int { return *collections })
}

func TestServesFreshAnswersWithoutCollecting(t *testing.T) {
	var gate Gate
	collections := 0
	for range 3 {
		if shown := serve(&gate, time.Hour, &collections); shown != 1 {
			t.Fatalf("shows collection %d, wants the first", shown)
		}
	}
}

func TestCollectsAgainOnceAnAnswerIsOld(t *testing.T) {
	var gate Gate
	collections := 0
	for want := range 3 {
		if shown := serve(&gate, 0, &collections); shown != want+1 {
			t.Fatalf("shows collection %d, wants %d", shown, want+1)
		}
	}
}

func TestScrapesAtOnceShareACollection(t *testing.T) {
	var gate Gate
	collections := 0
	var all sync.WaitGroup
	for range 20 {
		all.Add(1)
		go func() {
			defer all.Done()
			serve(&gate, time.Hour, &collections)
		}()
	}
	all.Wait()
	if collections != 1 {
		t.Fatalf("%d collections, wants one", collections)
	}
}
