package requests

import "bytes"

// longestLine is how much of one is kept, bytes; what can be counted by stands at its beginning.
const longestLine = 16 << 10

// lines puts a stream's pieces together to lines.
type lines struct {
	hand func(line string)
	rest []byte
}

func (l *lines) add(data []byte) {
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			l.keep(data)
			return
		}
		l.keep(data[:end])
		l.hand(string(bytes.TrimSuffix(l.rest, []byte("\r"))))
		l.rest = l.rest[:0]
		data = data[end+1:]
	}
}

func (l *lines) keep(data []byte) {
	l.rest = append(l.rest, data[:min(len(data), longestLine-len(l.rest))]...)
}
