import ArgumentParser
import BakeModel
import BakePipeline
import GitRepository
import Glibc
import LinuxSystem
import Signing

/// What a ledger is verified against: things that are kept where the writers of the store cannot reach them.
struct VerificationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With --verify: checkpoints or an export, kept outside the store, a file or a repository's URL#BRANCH. May be repeated. Without it, the policy's anchor.",
            valueName: "place"))
    var against: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --verify: the public keys (.pub, .pem) that may sign, and allowed_signers, the people who may; every signature is checked.",
            valueName: "dir"))
    var trust: String?

    private static let keyLimit = 64 << 10
    private static let anchorLimit = 1 << 30

    /// Reads everything that is named.
    func verification(of store: BakeStore, _ session: CommandSession) throws -> StoreVerification {
        let anchoring = session.anchoring(store, signedWith: nil)
        let anchors = try against.map { try anchor($0, anchoring, session) }
        return StoreVerification(
            store: store, anchors: anchors, trusted: try trust.flatMap { try keys($0, session) },
            people: try trust.flatMap { try people($0, session) }, anchoring: against.isEmpty ? anchoring : nil)
    }

    private func anchor(_ text: String, _ anchoring: StoreAnchoring, _ session: CommandSession) throws -> LedgerAnchor {
        if RemoteURL.isAddress(text), access(session.absolute(text), F_OK) != 0 {
            let parts = text.split(separator: "#", maxSplits: 1).map(String.init)
            return try anchoring.anchor(at: .git(url: parts[0], branch: parts.count > 1 ? parts[1] : "main"))
        }
        return try LedgerAnchor(try session.readInput(text, limit: Self.anchorLimit), name: text)
    }

    /// The people whose keys are kept outside; nil where the directory says nothing of people.
    private func people(_ directory: String, _ session: CommandSession) throws -> AllowedSigners? {
        let file = "\(session.absolute(directory))/allowed_signers"
        guard access(file, F_OK) == 0 else { return nil }
        let text = String(decoding: try session.readInput(file), as: UTF8.self)
        do throws(AllowedSigners.Fault) {
            let people = try AllowedSigners(text)
            try people.confirmKeys()
            return people
        } catch {
            throw UsageError(subject: "\(directory)/allowed_signers:\(error.line)", reason: error.message)
        }
    }

    /// The keys that are kept outside; nil where the directory says of people alone who signs.
    private func keys(_ directory: String, _ session: CommandSession) throws -> [VerifyingKey]? {
        let path = session.absolute(directory)
        let names = try DirectoryListing.names(in: path).filter { $0.hasSuffix(".pub") || $0.hasSuffix(".pem") }
        guard !names.isEmpty else {
            if access("\(path)/allowed_signers", F_OK) == 0 { return nil }
            throw UsageError(
                subject: directory, reason: "it holds no public key and no allowed_signers",
                hint:
                    "the .pub that 'bake key new' made, and the people of the policy, from where the store's writers cannot reach them"
            )
        }
        return try names.map { name in
            let file = "\(path)/\(name)"
            return try VerifyingKey(pem: try DurableFile.read(file, limit: Self.keyLimit), name: file)
        }
    }
}
