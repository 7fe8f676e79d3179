import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import LinuxSystem
import SpecRun

/// `bake env apply FILE`.
struct EnvironmentApply: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake env", commandName: "apply",
        abstract: "Put the policy of a file in force; the old one stays in the ledger.",
        discussion: """
            signers: allowed_signers          # OpenSSH's file: NAMES KEYTYPE KEY; alice,alice@example.org,uid:1000 are one person
            operators: [alice]                # who signs the next policy: bake env apply FILE --sign KEY
            builders: [ci.pub]                # keys whose provenance counts: bake key new FILE
            anchor: { file: /srv/anchor/bake.checkpoints }  # or { git: "ssh://git@host/anchor.git", branch: main }
            max_size: 200G                    # what the blobs may have: a bake that exceeds it collects
            pipelines:
              web: { origin: "ssh://git@git.example/web.git", branch: main }
            environments:
              dev: { drafts: true }             # drafts may come here, and nowhere else
              staging: { auto: [web] }
              production:
                after: staging                # was head there
                soak: 2h                      # this very image, so long
                approve: { need: 2, by: [alice, bob, carol], never: [author, committer, promoter] }
                windows: "Mon-Fri 09:00-17:00 Asia/Tokyo"
                reason: "CHG[0-9]{7}"         # RE2, anywhere in --reason
                spec: baseline.yaml           # the operator's own checks
                require: [rebaked, provenance]  # bake rebake gave the same; builders signed all that opens a gate
                keep: 5                       # of the last promoted, never collected
                retain: 7y                    # images that were here
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The policy, in YAML.", valueName: "file"))
    var file: String
    @OptionGroup var signing: SigningOptions

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore()
        let policy = try read(session)
        let before = try store.promotion.policy()
        let changes = PolicyChanges(from: before, to: policy).lines
        let entry = try store.promotion.apply(policy, for: try session.request(signedWith: signing.sign))
        let isMoving = policy.anchor != before.anchor
        defer {
            if entry != nil { session.anchor(store, isFirst: isMoving, leaving: isMoving ? before.anchor : nil) }
        }
        if session.options.json {
            return session.console.document([
                "schema": "bake/policy/1", "digest": .string(policy.digest.description),
                "entry": entry.map(JSON.number) ?? .null, "policy": policy.json,
                "changes": .array(changes.map(JSON.string)),
            ])
        }
        let names = policy.environments.map(\.name.text).joined(separator: ", ")
        let words = entry.map { "entry \($0)" } ?? (session.options.isDryRun ? "dry run" : "in force already")
        session.console.result("\(names)  policy \(policy.digest.short)  \(words)")
        for line in changes { session.console.note("  \(TerminalText.escaped(line))") }
        let operators = before.judge(of: policy).operators
        if session.options.isDryRun, signing.sign == nil, !operators.isEmpty {
            session.console.note("an operator signs it, with --sign KEY: \(operators.joined(separator: ", "))")
        }
    }

    /// The policy with the files beside it; the operators' specs must be specs.
    private func read(_ session: CommandSession) throws -> Policy {
        let bytes = try session.readInput(file)
        let directory = DurableFile.parent(of: session.absolute(file))
        let policy = try PolicyFile.read(bytes, file: file) { path in
            try session.readInput(path.hasPrefix("/") ? path : "\(directory)/\(path)")
        }
        if case .file(let path)? = policy.anchor, "\(path)/".hasPrefix("\(session.storePath)/") {
            throw UsageError(
                subject: path, reason: "an anchor inside the store proves nothing",
                hint: "a place that the writers of the store cannot change: another machine, a repository")
        }
        for spec in policy.environments.compactMap(\.spec) {
            if let image = try Spec(parsing: spec.text, name: spec.name).images.first {
                throw UsageError(
                    subject: spec.name,
                    reason: "an environment's checks boot no other image, as \(image): what it is would change unseen")
            }
        }
        return policy
    }
}
