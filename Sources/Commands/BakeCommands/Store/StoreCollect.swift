import ArgumentParser
import BakeModel
import BakePipeline
import LinuxSystem

/// `bake gc`: makes room.
struct StoreCollect: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "gc", abstract: "Collect images that nothing keeps, and blobs that nothing names.",
        discussion: """
            Kept are: what environments hold, where their rollbacks go, the images that were promoted there last, pins, \
            each pipeline's newest, what those were made from, what stages printed, what is younger than a week, and \
            what other tools named in index.json. Records and evidence are never collected: 'bake rebake' makes an image again. \
            What a running bake uses goes when that has ended and somebody collects again. \
            With --fold the images that would go stay, their layers as the pieces that they share with others: they come back, \
            bit for bit, when a command or an environment asks for them, but other tools do not find them in index.json.
            'bake gc --dry-run --json > plan.json' and later 'bake gc plan.json' does exactly what was shown, or nothing.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("A plan to carry out, and nothing else.", valueName: "plan"))
    var plan: String?

    @Option(help: ArgumentHelp("What is younger stays: 12h, 7d, 2w. A week where absent.", valueName: "time"))
    var olderThan: String?

    @Option(
        help: ArgumentHelp(
            "So large may the blobs be, 20G, instead of the policy's max_size: where they are larger, being young keeps nothing. Exit 3 where that is not enough.",
            valueName: "size"))
    var maxSize: String?

    @Flag(help: "Keep the layers of images that would go as the pieces that they share, in far less room.")
    var fold = false

    @Flag(help: "Remove the unpacked layers and leftovers of killed bakes instead, which are made again when needed.")
    var cache = false

    func run() throws {
        let session = CommandSession(global)
        if cache { return try removeCache(session) }
        let order = try plan.map { name in
            (
                try CollectionOrder(
                    parsing: try DurableFile.read(session.absolute(name), limit: 256 << 20), name: name), name
            )
        }
        var rules = self.rules(try rules(), for: order?.0)
        if session.options.isDryRun {
            let store = try session.openStore(readOnly: true)
            rules.most = try rules.most ?? store.promotion.policy().maxSize
            let collection = StoreCollection(store, rules: rules, clock: session.now)
            guard let order else { return try tell(try collection.plan(), session) }
            return CollectionReport(session: session).tell(try collection.rest(of: order.0, name: order.1), in: store)
        }
        let store = try BakeStore.openForCollection(
            session.storePath, program: session.program, onBacklog: session.tellReading)
        defer { store.restoreReserve() }
        rules.most = try rules.most ?? store.promotion.policy().maxSize
        let outcome = try StoreCollection(store, rules: rules, clock: session.now).run(order, by: session.actor())
        CollectionReport(session: session).tell(outcome)
    }

    /// Shows a plan; one that does not reach its size ends as carrying it out would.
    private func tell(_ plan: CollectionPlan, _ session: CommandSession) throws {
        CollectionReport(session: session).tell(plan)
        if let most = plan.rules.most, plan.left > most {
            throw CollectionFault.tooMuchWouldStay(plan.left, most: most)
        }
    }

    /// A plan keeps the rules it was made with, but for those that are named anew.
    private func rules(_ named: CollectionRules, for order: CollectionOrder?) -> CollectionRules {
        guard let order else { return named }
        var rules = order.rules ?? named
        if olderThan != nil { rules.age = named.age }
        if maxSize != nil { rules.most = named.most }
        rules.folds = rules.folds || fold || !order.folding.isEmpty
        return rules
    }

    private func rules() throws -> CollectionRules {
        var rules = CollectionRules()
        rules.folds = fold
        if let olderThan {
            guard let seconds = Quantity.seconds(olderThan) else {
                throw UsageError(subject: olderThan, reason: "it is no length of time", hint: "--older-than 7d")
            }
            rules.age = Int64(seconds)
        }
        if let maxSize {
            guard let bytes = Quantity.bytes(maxSize) else {
                throw UsageError(subject: maxSize, reason: "it is no size", hint: "--max-size 20G")
            }
            rules.most = bytes
        }
        return rules
    }

    private func removeCache(_ session: CommandSession) throws {
        let found = try session.withUrgentStore { store in
            let found = store.workshop.cacheContents
            if !session.options.isDryRun { try store.workshop.removeCache() }
            return found
        }
        guard session.options.isDryRun else {
            return session.console.note("removed the unpacked layers that nobody uses")
        }
        let layers = found.layers == 1 ? "1 unpacked layer" : "\(found.layers) unpacked layers"
        let failed = found.failedRoots
        let roots =
            failed == 0
            ? "" : failed == 1 ? " and the root of a failed command" : " and \(failed) roots of failed commands"
        session.console.note("dry run: \(layers)\(roots) would go, but for what is in use")
    }
}
