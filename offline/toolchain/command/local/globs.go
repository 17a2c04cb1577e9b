package local

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobwas/glob"
)

// rule is one glob; exclude turns what it matches away.
type rule struct {
	glob    glob.Glob
	exclude bool
}

// find returns the regular files the globs choose: from the path relative to
// the working directory to the path relative to the plugin's own.
func (p Place) find(globs []string) (map[string]string, error) {
	rules, err := parse(globs)
	if err != nil {
		return nil, err
	}
	root := p.root()
	paths := map[string]string{}
	err = fs.WalkDir(os.DirFS(root), ".", func(relative string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !chosen(rules, relative) {
			return err
		}
		path := filepath.Join(root, relative)
		// Asked of the path, not of the entry, to follow links to files.
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			paths[relative] = path
		}
		return nil
	})
	return paths, err
}

func (p Place) root() string {
	if p.Dir != nil {
		return *p.Dir
	}
	return "."
}

func parse(globs []string) ([]rule, error) {
	var rules []rule
	for _, text := range globs {
		pattern, exclude := strings.CutPrefix(text, "!")
		compiled, err := glob.Compile(pattern, '/')
		if err != nil {
			return nil, fmt.Errorf("glob %q: %w", text, err)
		}
		rules = append(rules, rule{compiled, exclude})
	}
	return rules, nil
}

// chosen reports whether the last rule that matches takes the path in.
func chosen(rules []rule, path string) (in bool) {
	for _, r := range rules {
		if r.glob.Match(path) {
			in = !r.exclude
		}
	}
	return in
}
