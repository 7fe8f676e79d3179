import ArgumentParser
import Attestation
import BakeModel
import BakePipeline
import LinuxSystem
import Glibc
import Signing

/// `bake key`: the keys that sign.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "key", abstract: "Make and show the keys that sign evidence.",
        subcommands: [KeyNew.self, KeyShow.self, KeyList.self])
}

/// `bake key new`: a key and its public half.
struct KeyNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake key", commandName: "new",
        abstract: "Make an Ed25519 key: FILE for who signs, FILE.pub for who verifies.",
        discussion: "Keep FILE.pub where whoever writes to the store cannot: bake audit --verify --trust DIR")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The file to make.", valueName: "file"))
    var file: String

    func run() throws {
        let session = CommandSession(global)
        let path = session.absolute(file)
        let key = try SigningKey.random()
        if !session.options.isDryRun {
            try Self.write(try key.pem(), to: path, mode: 0o600)
            try Self.write(try key.verifyingKey.pem(), to: "\(path).pub", mode: 0o644)
        }
        KeyReport(session: session).tell([(key.verifyingKey, nil)], origin: nil)
    }

    private static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws {
        do throws(SystemError) {
            let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try file.write(bytes)
            try file.synchronize()
            try DurableFile.synchronizeDirectory(of: path)
        } catch {
            throw error.number == EEXIST ? KeyFault.exists(path) : error
        }
    }
}

/// `bake key show`: the public half of a key.
struct KeyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake key", commandName: "show", abstract: "Show the public half of a key.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A private or public key in PEM.", valueName: "file"))
    var file: String

    func run() throws {
        let session = CommandSession(global)
        let path = session.absolute(file)
        let key = try VerifyingKey(pem: try DurableFile.read(path, limit: 64 << 10), name: path)
        KeyReport(session: session).tell([(key, nil)], origin: try session.openStoreIfThere()?.identity())
    }
}

/// `bake key list`: the keys that signed in a store.
struct KeyList: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake key", commandName: "list",
        abstract: "Show the keys that signed in this store. The store proves nothing about them.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let keys = try store.attestations.keys().map { ($0.key, Optional($0.entry)) }
        if keys.isEmpty { session.console.note("nothing was signed in this store yet") }
        KeyReport(session: session).tell(keys, origin: try store.identity())
    }
}

/// Public keys for people, openssl and the tools of transparency logs.
struct KeyReport {
    let session: CommandSession

    func tell(_ keys: [(key: VerifyingKey, entry: Int64?)], origin: String?) {
        let items = keys.map { item -> JSON in
            .record([
                "id": .string(item.key.id), "algorithm": "ed25519", "key": .string(item.key.base64),
                "verifier": origin.map { .string(SignedNote.verifierKey(Checkpoint.origin(of: $0), item.key)) },
                "entry": item.entry.map(JSON.number),
            ])
        }
        if session.options.json {
            return session.console.document(["schema": "bake/keys/1", "keys": .array(items)])
        }
        for (key, entry) in keys {
            session.console.result("\(key.id)\(entry.map { "  since entry \($0)" } ?? "")")
            guard !session.options.quiet else { continue }
            if let pem = try? key.pem() { session.console.verbatim(String(decoding: pem, as: UTF8.self)) }
            if let origin { session.console.note(SignedNote.verifierKey(Checkpoint.origin(of: origin), key)) }
        }
    }
}
