// verifiers.go - other people's verifiers on evidence and log exports
// (PROTOCOL 7.8, 7.9).
//
//	verifiers FILE...
//
// Checkpoints are opened by golang.org/x/mod/sumdb/note; inclusion proofs,
// the roots of whole logs and the consistency of all heads of one log are
// checked by golang.org/x/mod/sumdb/tlog.  That note package knows signatures
// of type 1 alone, so the cosignature (c2sp.org/tlog-cosignature, type 4) is
// verified by crypto/ed25519.  The certificates are only read: whose keys they
// are is not this program's question.  Prints a line for each thing that
// holds, and ends with 1 at the first that does not.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Offsets in a certificate (PROTOCOL 3.2).
const (
	nodeAt, nodeLen = 2, 16
	logKeyAt        = 62
	witnessKeyAt    = 94
	keyLen          = 32
)

func fail(format string, args ...interface{}) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func decode(text, what string) []byte {
	out, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		fail("%s: %v", what, err)
	}
	return out
}

// lines hands out a file's lines.
type lines struct {
	left []string
}

func (l *lines) next() string {
	if len(l.left) == 0 {
		fail("the file ends too early")
	}
	line := l.left[0]
	l.left = l.left[1:]
	return line
}

func (l *lines) until(end string) string {
	var out strings.Builder
	for line := l.next(); line != end; line = l.next() {
		out.WriteString(line + "\n")
	}
	return out.String()
}

func (l *lines) value(name string) string {
	line := l.next()
	if !strings.HasPrefix(line, name+" ") {
		fail("%q where %s should stand", line, name)
	}
	return line[len(name)+1:]
}

// head is a checkpoint whose signatures hold.
type head struct {
	file, origin string
	size         int64
	root         tlog.Hash
}

// keys of the nodes of the files' certificates, and what they signed.
type keys struct {
	log, witness map[string][][]byte
	heads        []head
	trees        map[string]tree // of the longest export of each origin
}

// tree is a log's hashes as tlog stores them, and how many leaves it has.
type tree struct {
	size   int64
	hashes []tlog.Hash
}

// ReadHashes makes a tree a tlog.HashReader.
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, 0, len(indexes))
	for _, at := range indexes {
		if at >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		out = append(out, t.hashes[at])
	}
	return out, nil
}

func (t *tree) add(leaf []byte) {
	hashes, err := tlog.StoredHashes(t.size, leaf, t)
	if err != nil {
		fail("tlog: %v", err)
	}
	t.hashes = append(t.hashes, hashes...)
	t.size++
}

func (k *keys) add(cert []byte) {
	if len(cert) < witnessKeyAt+keyLen {
		fail("a certificate of %d bytes", len(cert))
	}
	node := hex.EncodeToString(cert[nodeAt : nodeAt+nodeLen])
	addKey(k.log, node, cert[logKeyAt:logKeyAt+keyLen])
	addKey(k.witness, node, cert[witnessKeyAt:witnessKeyAt+keyLen])
}

// addKey adds a key that is not known: several files bring a certificate.
func addKey(of map[string][][]byte, node string, key []byte) {
	for _, known := range of[node] {
		if bytes.Equal(known, key) {
			return
		}
	}
	of[node] = append(of[node], key)
}

func keyID(name string, kind byte, key []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), append([]byte{kind},
		key...)...))
	return binary.BigEndian.Uint32(sum[:])
}

// verifier is a note.Verifier of one log key.
func verifier(origin string, key []byte) note.Verifier {
	text := fmt.Sprintf("%s+%08x+%s", origin, keyID(origin, 1, key),
		base64.StdEncoding.EncodeToString(append([]byte{1}, key...)))
	out, err := note.NewVerifier(text)
	if err != nil {
		fail("verifier key: %v", err)
	}
	return out
}

// cosigned says whether one of the keys signed the text, and when.
func cosigned(name, text string, signatures []note.Signature,
	keys [][]byte) (uint64, bool) {
	for _, signature := range signatures {
		blob := decode(signature.Base64, "cosignature")
		if signature.Name != name || len(blob) != 4+8+ed25519.SignatureSize {
			continue
		}
		when := binary.BigEndian.Uint64(blob[4:])
		signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", when, text)
		for _, key := range keys {
			if keyID(name, 4, key) == signature.Hash &&
				ed25519.Verify(key, []byte(signed), blob[12:]) {
				return when, true
			}
		}
	}
	return 0, false
}

// note opens one signed note, and says who receipted it when; when is 0 where
// nobody did.
func (k *keys) note(in *lines, file string) (head, uint64) {
	text := in.until("")
	parts := strings.Split(text, "\n")
	if len(parts) != 4 {
		fail("a checkpoint of %d lines", len(parts)-1)
	}
	out := head{file: file, origin: parts[0]}
	parties := strings.Split(out.origin, "/")
	if len(parties) != 7 {
		fail("%q is not an origin", out.origin)
	}
	sender, recipient := parties[2], parties[3]
	var verifiers []note.Verifier
	for _, key := range k.log[sender] {
		verifiers = append(verifiers, verifier(out.origin, key))
	}
	opened, err := note.Open([]byte(text+"\n"+in.until("")),
		note.VerifierList(verifiers...))
	if err != nil {
		fail("note: %v", err)
	}
	out.size, err = strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		fail("size: %v", err)
	}
	out.root, err = tlog.ParseHash(parts[2])
	if err != nil {
		fail("root: %v", err)
	}
	k.heads = append(k.heads, out)
	if len(opened.UnverifiedSigs) == 0 {
		return out, 0
	}
	when, ok := cosigned("entente/v1/witness/"+recipient, text,
		opened.UnverifiedSigs, k.witness[recipient])
	if !ok {
		fail("the cosignature is wrong")
	}
	return out, when
}

func receipted(when uint64) string {
	if when == 0 {
		return ""
	}
	return fmt.Sprintf(" and receipted at %d", when)
}

// prove checks one tlog-proof for one leaf.
func (k *keys) prove(in *lines, file string, leaf []byte) {
	if line := in.next(); line != "c2sp.org/tlog-proof@v1" {
		fail("%q is not the first line of a proof", line)
	}
	index, err := strconv.ParseInt(in.value("index"), 10, 64)
	if err != nil {
		fail("index: %v", err)
	}
	var proof tlog.RecordProof
	for line := in.next(); line != ""; line = in.next() {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			fail("proof: %v", err)
		}
		proof = append(proof, hash)
	}
	of, when := k.note(in, file)
	err = tlog.CheckRecord(proof, of.size, of.root, index,
		tlog.RecordHash(leaf))
	if err != nil {
		fail("tlog: %v", err)
	}
	fmt.Printf("entry %d of %d of %s is signed%s\n", index, of.size,
		of.origin, receipted(when))
}

// entry reads a message's or an answer's fields, and its proof.
func (k *keys) entry(in *lines, file string) {
	leaf := decode(in.value("leaf"), "leaf")
	for _, name := range []string{"first", "ephemeral", "salt", "key"} {
		in.value(name)
	}
	if line := in.next(); line != "body" {
		fail("%q where the body should stand", line)
	}
	in.until("")
	k.prove(in, file, leaf)
}

// root is that of the first leaves of a tree.
func (t *tree) root(size int64) tlog.Hash {
	out, err := tlog.TreeHash(size, t)
	if err != nil {
		fail("tlog: %v", err)
	}
	return out
}

// exported reads one log of an export: its heads and all its leaves.
func (k *keys) exported(in *lines, file string) {
	newest, when := k.note(in, file)
	line := in.next()
	if line == "receipt" {
		_, when = k.note(in, file)
		line = in.next()
	}
	if line != "leaves" {
		fail("%q where the leaves should stand", line)
	}
	var whole tree
	for line = in.next(); line != ""; line = in.next() {
		whole.add(decode(line, "leaf"))
	}
	if whole.size != newest.size || whole.root(whole.size) != newest.root {
		fail("tlog: %d leaves, not those of the head of %d", whole.size,
			newest.size)
	}
	if whole.size > k.trees[newest.origin].size {
		k.trees[newest.origin] = whole
	}
	fmt.Printf("all %d entries of %s are signed%s\n", newest.size,
		newest.origin, receipted(when))
}

// consistent proves of each head, from whatever file, that the longest export
// of its log begins with it.
func (k *keys) consistent() {
	for _, old := range k.heads {
		whole, ok := k.trees[old.origin]
		if !ok {
			continue
		}
		if old.size > whole.size {
			fail("tlog: no export reaches the head of %d of %s", old.size,
				old.origin)
		}
		proof, err := tlog.ProveTree(whole.size, old.size, &whole)
		if err == nil {
			err = tlog.CheckTree(proof, whole.size, whole.root(whole.size),
				old.size, old.root)
		}
		if err != nil {
			fail("tlog: %s, the head of %d of %s: %v", old.file, old.size,
				old.origin, err)
		}
		fmt.Printf("%d entries of %s are the first of %d\n", old.size,
			old.origin, whole.size)
	}
}

func (k *keys) file(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	in := &lines{strings.Split(string(text), "\n")}
	for {
		switch in.next() {
		case "certificate":
			block := strings.ReplaceAll(in.until(""), "\n", "")
			k.add(decode(block, "certificate"))
		case "message", "answer":
			k.entry(in, path)
		case "log":
			k.exported(in, path)
		case "end":
			return
		}
	}
}

func main() {
	if len(os.Args) < 2 {
		fail("usage: verifiers FILE...")
	}
	known := &keys{log: map[string][][]byte{}, witness: map[string][][]byte{},
		trees: map[string]tree{}}
	for _, path := range os.Args[1:] {
		known.file(path)
	}
	known.consistent()
}
