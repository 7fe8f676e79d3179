import Attestation
import BakeModel
import GitRepository
import LedgerDatabase
import Signing

/// Ledger → a checkpoint outside the store, at the place that the policy names. Whoever writes the ledger anew afterwards
/// cannot make that fit. Every checkpoint covers all entries before it, so one that is missed is made good by the next.
public struct StoreAnchoring: Sendable {
    private let store: BakeStore
    private let key: SigningKey?
    private let options: FetchOptions
    private static let readLimit = 1 << 30
    /// The seconds that a promotion waits for a repository to say what it knows of the ledger.
    private static let patience: Double = 30

    /// Prepares to anchor.
    /// - Parameters:
    ///   - key: what signs checkpoints; nil where only the place vouches for them.
    ///   - options: how a repository elsewhere is reached.
    public init(store: BakeStore, key: SigningKey?, options: FetchOptions) {
        self.store = store
        self.key = key
        self.options = options
    }

    /// What was anchored.
    public struct Outcome: Hashable, Sendable {
        /// Where.
        public let place: AnchorPlace
        /// The number of the last entry that it covers.
        public let size: Int64
        /// Whether a key signed it.
        public let isSigned: Bool
        /// Whether it was there before.
        public let wasThere: Bool
    }

    /// Writes the ledger as it is now to the place that the policy names.
    /// - Parameter isFirst: whether the place may be empty, since the policy names it for the first time.
    /// - Returns: nil where the policy names no place.
    /// - Throws: `AnchorConflict` where what is there is not this ledger's past; what keeps it from being written.
    @discardableResult
    public func run(isFirst: Bool, clock: Timestamp) throws -> Outcome? {
        try store.promotion.policy().anchor.flatMap { try run(at: $0, isFirst: isFirst, clock: clock) }
    }

    /// Writes the ledger as it is now to a place: one that the policy named until now learns so that it is named no more.
    /// - Throws: as `run(isFirst:clock:)`.
    @discardableResult
    public func run(at name: AnchorPlace, isFirst: Bool, clock: Timestamp) throws -> Outcome? {
        guard let checkpoint = try store.attestations.checkpoint(store: try store.identity()) else { return nil }
        let place = try CheckpointPlace(name, of: store, options: options)
        if isFirst { try place.prepare() }
        let text = try key.map { try checkpoint.signed(with: $0).description } ?? "\(checkpoint.text)\n"
        var wasThere = false
        try place.put(text, size: checkpoint.size, at: clock) { kept in
            try confirm(kept, at: name)
            wasThere = kept.contains { $0.checkpoint.size >= checkpoint.size && ($0.note != nil || key == nil) }
            return !wasThere
        }
        return Outcome(place: name, size: checkpoint.size, isSigned: key != nil, wasThere: wasThere)
    }

    /// Refuses to promote where what is kept at the place that the policy names is not this ledger's past: who cut off or
    /// rewrote the ledger decided what it says of gates. A place that cannot be read says nothing of that, and stops nobody:
    /// behind the move `run(isFirst:clock:)` tells what keeps it from being written.
    /// - Throws: `ContradictedLedger`; what keeps the policy from being read.
    func confirmPast() throws {
        guard let name = try store.promotion.policy().anchor else { return }
        var options = options
        options.deadline = min(options.deadline, Self.patience)
        guard let kept = try? CheckpointPlace(name, of: store, options: options).recent() else { return }
        do { try confirm(kept, at: name) } catch let conflict as AnchorConflict {
            throw ContradictedLedger(conflict: conflict)
        }
    }

    /// What is kept at the place that the policy names, to be verified against; nil where the policy names none.
    public func kept() throws -> LedgerAnchor? {
        guard let name = try store.promotion.policy().anchor else { return nil }
        return try anchor(at: name)
    }

    /// What is kept at a place.
    public func anchor(at name: AnchorPlace) throws -> LedgerAnchor {
        let bytes = try CheckpointPlace(name, of: store, options: options).read(limit: Self.readLimit)
        return try LedgerAnchor(bytes, name: name.description)
    }

    /// The last checkpoints must be of this very ledger's past, or nothing is put behind them: they are the evidence.
    private func confirm(_ kept: [CheckpointText.Item], at name: AnchorPlace) throws {
        let origin = Checkpoint.origin(of: try store.identity())
        // Looked up behind what is kept: somebody else may have anchored a later entry meanwhile.
        let latest = try store.ledger.latest()
        for checkpoint in kept.map(\.checkpoint) {
            guard checkpoint.origin == origin else { throw AnchorConflict.otherStore(name, checkpoint.origin) }
            let size = checkpoint.size
            guard size <= latest else { throw AnchorConflict.cutOff(name, size: size, latest: latest) }
            guard let head = checkpoint.head, size > 0 else { continue }
            let line = try store.ledger.entries(from: size, limit: 1).first?.json.canonicalBytes
            guard line.map(Digest.of) == head else { throw AnchorConflict.changed(name, size: size) }
        }
    }
}

/// A promotion in a ledger that what is kept outside contradicts.
public struct ContradictedLedger: ExplainedError, Hashable {
    let conflict: AnchorConflict

    public var doing: String { "promote against" }
    public var subject: String { conflict.subject }
    public var reason: String { "\(conflict.reason); nothing moved, and --break-glass goes past gates, not past this" }
    public var hint: String? {
        if case .otherStore = conflict { return conflict.hint }
        return
            "bake audit --verify says where they part; bake restore takes a newer backup, to another --store; where there "
            + "is none, bake env apply FILE names another anchor; bake rollback works meanwhile"
    }
    public var exit: ExitCode { conflict.exit }
}

/// What is kept outside is not the past of the ledger.
public enum AnchorConflict: ExplainedError, Hashable {
    /// It is of another store.
    case otherStore(AnchorPlace, String)
    /// The ledger ends before an entry that is known there.
    case cutOff(AnchorPlace, size: Int64, latest: Int64)
    /// An entry that is known there is another here.
    case changed(AnchorPlace, size: Int64)

    public var doing: String { "anchor the ledger" }
    public var subject: String {
        switch self {
        case .otherStore(let place, _), .cutOff(let place, _, _), .changed(let place, _): place.description
        }
    }
    public var reason: String {
        switch self {
        case .otherStore(_, let origin): "the checkpoints there are of another store, \(origin)"
        case .cutOff(_, let size, let latest):
            "it knows \(size) entries and this ledger has \(latest): it was cut off, or restored from a backup"
        case .changed(_, let size):
            "it knows another entry \(size): this ledger was written anew, or went on from an older backup"
        }
    }
    public var hint: String? {
        switch self {
        case .otherStore: "each store has a file of its own: bake env apply, with another anchor"
        case .cutOff, .changed:
            "bake audit --verify says more; where it is an old backup, give the restored store another anchor"
        }
    }
    public var exit: ExitCode {
        switch self {
        case .otherStore: .usage
        case .cutOff, .changed: .damaged
        }
    }
}
