import Attestation
import BakeModel
import LedgerDatabase
import Signing
import TarArchive

/// Generation → an archive with everything that is known of it, to be checked without bake.
public struct EvidenceBundle: Sendable {
    private let store: BakeStore
    private let record: GenerationRecord
    private static let documentLimit = 256 << 20
    /// More entries than this are not put into a bundle: the export of the ledger has them.
    private static let longestChain: Int64 = 100_000

    /// Prepares a bundle.
    public init(store: BakeStore, record: GenerationRecord) {
        self.store = store
        self.record = record
    }

    /// The files of the bundle.
    /// - Throws: `StoreError` where evidence is missing, which is never collected.
    public func files() throws -> [PlainArchive.File] {
        let attested = try store.attestations.attestations(of: record.id)
        let entries = try chain(attested)
        var files = try documents() + image() + statements(attested) + signatures(entries) + policies(entries)
        if !entries.isEmpty {
            let lines = entries.flatMap { $0.json.canonicalBytes + [UInt8(ascii: "\n")] }
            files.append(PlainArchive.File("ledger.jsonl", lines))
        }
        for key in try store.attestations.keys().map(\.key) {
            files.append(PlainArchive.File("keys/\(key.id.prefix(16)).pub", try key.pem()))
        }
        files.append(PlainArchive.File("README.md", Array(BundleRecipe.readme(of: record).utf8)))
        files.append(PlainArchive.File("verify.sh", Array(BundleRecipe.script.utf8), isProgram: true))
        let sums = files.map { "\(Digest.of($0.bytes).hex)  \($0.name)\n" }.joined()
        return files + [PlainArchive.File("SHA256SUMS", Array(sums.utf8))]
    }

    /// Pipeline, lock, spec and verdict, as the bake read and found them.
    private func documents() throws -> [PlainArchive.File] {
        let manifest = try store.blobs.read(record.evidence, limit: Self.documentLimit)
        let layers = (try? JSON(parsing: manifest))?["layers"]?.items ?? []
        return try layers.enumerated().compactMap { index, layer in
            guard let digest = layer["digest"]?.namedDigest else { return nil }
            let title = layer["annotations"]?["org.opencontainers.image.title"]?.string ?? "document"
            return PlainArchive.File(
                "documents/\(index)-\(Self.plain(title))", try store.blobs.read(digest, limit: Self.documentLimit))
        }
    }

    /// The manifest, whose SHA-256 is the image's name, and the configuration; nothing where the image was collected.
    private func image() throws -> [PlainArchive.File] {
        guard store.blobs.contains(record.image) else { return [] }
        let manifest = try store.blobs.read(record.image, limit: Self.documentLimit)
        var files = [PlainArchive.File("image/manifest.json", manifest)]
        if let digest = (try? JSON(parsing: manifest))?["config"]?["digest"]?.namedDigest {
            files.append(
                PlainArchive.File("image/config.json", try store.blobs.read(digest, limit: Self.documentLimit)))
        }
        return files
    }

    /// What is stated. Later statements have the number of the move that they are about, and that of their own entry:
    /// several keys may have signed the same.
    private func statements(_ attested: [(record: Attestation, entry: Entry)]) throws -> [PlainArchive.File] {
        let all =
            record.statements.map { ($0, "") }
            + attested.flatMap { attestation, entry in
                let suffix = (attestation.entry.map { "-\($0)" } ?? "") + "-\(entry.sequence)"
                return attestation.statements.map { ($0, suffix) }
            }
        let findings = try store.promotion.signedFindings(of: record).map {
            ($0.finding.statement, "-\($0.entry)")
        }
        return try (all + findings).map { facts, suffix in
            let isNote = facts.kind == .checkpoint
            return PlainArchive.File(
                "\(isNote ? "checkpoints" : "statements")/\(facts.kind.rawValue)\(suffix).\(isNote ? "txt" : "json")",
                try store.blobs.read(facts.document, limit: Self.documentLimit))
        }
    }

    /// What people signed with their SSH keys, each with the people whom the policy in force then knew.
    private func signatures(_ entries: [Entry]) throws -> [PlainArchive.File] {
        let signers = try SignersHistory(store: store, through: entries.last?.sequence ?? 0)
        return entries.flatMap { entry -> [PlainArchive.File] in
            guard let signed = entry.sharedBody["signed"], let statement = signed["statement"],
                let signer = signed["signer"]?.string, let signature = signed["signature"]?.string
            else { return [] }
            return [
                PlainArchive.File("signatures/\(entry.sequence).json", statement.canonicalBytes),
                PlainArchive.File("signatures/\(entry.sequence).sig", Array(signature.utf8)),
                PlainArchive.File("signatures/\(entry.sequence).signer", Array("\(signer)\n".utf8)),
                PlainArchive.File(
                    "signatures/\(entry.sequence).allowed_signers", Array(signers.people(at: entry.sequence).utf8)),
            ]
        }
    }

    /// The policies under which people signed, and by which generations were promoted, each under its digest.
    private func policies(_ entries: [Entry]) throws -> [PlainArchive.File] {
        guard let last = entries.last?.sequence else { return [] }
        let named = Set(
            entries.flatMap { entry in
                [entry.sharedBody["policy"], entry.sharedBody["signed"]?["statement"]?["policy"]].compactMap(
                    \.?.namedDigest)
            })
        var known: Set<Digest> = []
        return try store.promotion.policies(through: last).map(\.policy)
            .filter { named.contains($0.digest) && known.insert($0.digest).inserted }
            .map { PlainArchive.File("policies/\($0.digest.hex).json", $0.json.canonicalBytes) }
    }

    /// The lines of the ledger from the generation's on, up to the last entry that is about its image, a rejection or a failed
    /// test among them, or that a checkpoint of it covers.
    private func chain(_ attested: [(record: Attestation, entry: Entry)]) throws -> [Entry] {
        guard let first = try store.generations.find(record.id)?.entry.sequence else { return [] }
        let moved = try store.audit.spans(of: record.image).map(\.entry)
        let said = try store.promotion.lastWord(on: record).map { [$0] } ?? []
        let last = ([first] + moved + said + attested.map(\.entry.sequence)).max() ?? first
        guard last - first < Self.longestChain else { return [] }
        var chain: [Entry] = []
        try store.ledger.forEach(from: first, through: last) { chain.append($0) }
        return chain
    }

    /// A name that is safe in every file system.
    private static func plain(_ title: String) -> String {
        let bytes = title.utf8.suffix(PlainArchive.longestName / 2).map { byte -> UInt8 in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || ".-_".utf8.contains(byte)
            return isPlain ? byte : UInt8(ascii: "-")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
