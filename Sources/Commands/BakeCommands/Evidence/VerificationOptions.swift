import ArgumentParser
import BakeModel
import BakePipeline
import Foundation
import LinuxSystem
import Signing

/// What a ledger is verified against: things that are kept where the writers of the store cannot reach them.
struct VerificationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With --verify: signed checkpoints or an export, kept outside the store. May be repeated.",
            valueName: "file"))
    var against: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --verify: the public keys (.pub, .pem) that may sign; every signature is checked.", valueName: "dir"))
    var trust: String?

    private static let keyLimit = 64 << 10
    private static let anchorLimit = 1 << 30

    /// Reads everything that is named.
    func verification(of store: BakeStore, _ session: CommandSession) throws -> StoreVerification {
        let anchors = try against.map { file in
            try LedgerAnchor(try DurableFile.read(session.absolute(file), limit: Self.anchorLimit), name: file)
        }
        return StoreVerification(store: store, anchors: anchors, trusted: try trust.map { try keys($0, session) })
    }

    private func keys(_ directory: String, _ session: CommandSession) throws -> [VerifyingKey] {
        let path = session.absolute(directory)
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".pub") || $0.hasSuffix(".pem") }
        guard !names.isEmpty else {
            throw UsageError(
                subject: directory, reason: "it holds no public key", hint: "bake key new FILE makes FILE.pub")
        }
        return try names.sorted().map { name in
            let file = "\(path)/\(name)"
            return try VerifyingKey(pem: try DurableFile.read(file, limit: Self.keyLimit), name: file)
        }
    }
}
