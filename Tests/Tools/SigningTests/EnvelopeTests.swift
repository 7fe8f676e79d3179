import BakeModel
import Foundation
import Signing
import Testing

@Suite struct EnvelopeTests {
    @Test("an envelope is what the protocol says: the signature is over DSSEv1, lengths, type and bytes")
    func encoding() throws {
        let key = try SigningKey.random()
        let envelope = try Envelope(
            signing: Array("hello world".utf8), type: "http://example.com/HelloWorld", with: key)
        // The PAE of the protocol's own example, protocol.md of DSSE 1.0.
        let message = Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8)
        #expect(key.verifyingKey.verifies(try #require(envelope.signatures.first).bytes, of: message))
        #expect(envelope.json["payload"] == "aGVsbG8gd29ybGQ=")
        #expect(Envelope(envelope.json) == envelope)
    }

    @Test("only the key that signed is the signer, whatever the hint says")
    func signer() throws {
        let (key, other) = (try SigningKey.random(), try SigningKey.random())
        let envelope = try Envelope(signing: [1, 2, 3], type: "text/plain", with: key)
        #expect(envelope.signer(among: [other.verifyingKey, key.verifyingKey]) == key.verifyingKey)
        #expect(envelope.signer(among: [other.verifyingKey]) == nil)
        var members = try #require(envelope.json.members)
        members["payload"] = .string(Data([1, 2, 4]).base64EncodedString())
        #expect(try #require(Envelope(.object(members))).signer(among: [key.verifyingKey]) == nil)
        members["payload"] = "no base64!"
        #expect(Envelope(.object(members)) == nil)
    }
}

@Suite struct SignedNoteTests {
    /// The key and the note of C2SP `signed-note.md` are those of Go's golang.org/x/mod/sumdb/note documentation.
    private static let verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let note = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """

    private func key() throws -> VerifyingKey {
        let data = try #require(Data(base64Encoded: String(Self.verifier.split(separator: "+", maxSplits: 2)[2])))
        return try #require(VerifyingKey(raw: Array(data.dropFirst())))
    }

    @Test("the note of Go's documentation verifies, and its verifier key is spelled alike")
    func foreign() throws {
        let note = try #require(SignedNote(Self.note))
        #expect(note.signer(among: [try key()]) == (try key()))
        #expect(SignedNote.verifierKey("PeterNeumann", try key()) == Self.verifier)
        #expect(note.description == Self.note)
        let forged = try #require(SignedNote(Self.note.replacing("don't", with: "do")))
        #expect(forged.signer(among: [try key()]) == nil)
    }

    @Test("what is no note is none", arguments: ["", "text\n", "text\n\n", "text\n\nno dash\n"])
    func strangers(text: String) { #expect(SignedNote(text) == nil) }
}
