// verifiers.go - other people's verifiers on an evidence file (PROTOCOL 7.8).
//
//	verifiers FILE
//
// The checkpoint is opened by golang.org/x/mod/sumdb/note, the inclusion proof
// checked by golang.org/x/mod/sumdb/tlog; that package knows signatures of
// type 1 alone, so the cosignature (c2sp.org/tlog-cosignature, type 4) is
// verified by crypto/ed25519.  The certificates are only read: whose keys they
// are is not this program's question.  Prints a line for each proof, and ends
// with 1 at the first thing that is wrong.
package main

import (
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
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		fail("%s: %v", what, err)
	}
	return bytes
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

// keys of the nodes of the file's certificates.
type keys struct {
	log, witness map[string][][]byte
}

func (k *keys) add(cert []byte) {
	if len(cert) < witnessKeyAt+keyLen {
		fail("a certificate of %d bytes", len(cert))
	}
	node := hex.EncodeToString(cert[nodeAt : nodeAt+nodeLen])
	k.log[node] = append(k.log[node], cert[logKeyAt:logKeyAt+keyLen])
	k.witness[node] = append(k.witness[node],
		cert[witnessKeyAt:witnessKeyAt+keyLen])
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

// prove checks one tlog-proof for one leaf.
func (k *keys) prove(in *lines, leaf []byte) {
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
	text := in.until("")
	head := strings.Split(text, "\n")
	if len(head) != 4 {
		fail("a checkpoint of %d lines", len(head)-1)
	}
	parties := strings.Split(head[0], "/")
	if len(parties) != 7 {
		fail("%q is not an origin", head[0])
	}
	sender, recipient := parties[2], parties[3]
	var verifiers []note.Verifier
	for _, key := range k.log[sender] {
		verifiers = append(verifiers, verifier(head[0], key))
	}
	opened, err := note.Open([]byte(text+"\n"+in.until("")),
		note.VerifierList(verifiers...))
	if err != nil {
		fail("note: %v", err)
	}
	size, err := strconv.ParseInt(head[1], 10, 64)
	if err != nil {
		fail("size: %v", err)
	}
	root, err := tlog.ParseHash(head[2])
	if err != nil {
		fail("root: %v", err)
	}
	err = tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaf))
	if err != nil {
		fail("tlog: %v", err)
	}
	fmt.Printf("entry %d of %d of %s is signed", index, size, head[0])
	name := "entente/v1/witness/" + recipient
	if len(opened.UnverifiedSigs) > 0 {
		when, ok := cosigned(name, text, opened.UnverifiedSigs,
			k.witness[recipient])
		if !ok {
			fmt.Println()
			fail("the cosignature is wrong")
		}
		fmt.Printf(" and receipted at %d", when)
	}
	fmt.Println()
}

// entry reads a message's or an answer's fields, and its proof.
func (k *keys) entry(in *lines) {
	leaf := decode(in.value("leaf"), "leaf")
	for _, name := range []string{"first", "ephemeral", "salt", "key"} {
		in.value(name)
	}
	if line := in.next(); line != "body" {
		fail("%q where the body should stand", line)
	}
	in.until("")
	k.prove(in, leaf)
}

func main() {
	if len(os.Args) != 2 {
		fail("usage: verifiers FILE")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail("%v", err)
	}
	in := &lines{strings.Split(string(text), "\n")}
	known := &keys{map[string][][]byte{}, map[string][][]byte{}}
	for {
		switch in.next() {
		case "certificate":
			block := strings.ReplaceAll(in.until(""), "\n", "")
			known.add(decode(block, "certificate"))
		case "message", "answer":
			known.entry(in)
		case "end":
			return
		}
	}
}
