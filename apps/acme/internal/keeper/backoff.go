package keeper

import (
	"math/rand/v2"
	"time"
)

const (
	// shortest keeps failed validations below Let's Encrypt's five in an hour.
	shortest = 2 * time.Minute
	// longest leaves dozens of attempts in the last 30 days of a certificate.
	longest = 6 * time.Hour
	// mostAsked is the longest pause that a directory may ask for: a wrong date must not end all attempts.
	mostAsked = 24 * time.Hour
)

// pause after so many failures in a row, and what the directory asked for. It differs by a tenth, so that farms do not ask together.
func pause(failures int, asked time.Duration) time.Duration {
	wait := longest
	if failures < 9 {
		wait = min(longest, shortest<<(failures-1))
	}
	wait = max(wait, min(asked, mostAsked))
	return wait + time.Duration(rand.Int64N(int64(wait)/10))
}
