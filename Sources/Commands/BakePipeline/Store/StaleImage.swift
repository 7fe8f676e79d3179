import BakeModel

/// A pipeline's newest image whose parent has moved on: what its `from: base:production` names is another generation now.
public struct StaleImage: Hashable, Sendable {
    /// The newest generation of the child.
    public let child: GenerationRecord
    /// What it started from.
    public let base: BaseFacts
    /// What the slot holds now.
    public let parent: GenerationID

    /// Everything stale in a store, by the child's name.
    public static func all(in store: BakeStore) throws -> [StaleImage] {
        let slots = try store.promotion.slots(depth: 1).compactMap { state in state.current.map { (state.slot, $0) } }
        let held = Dictionary(slots) { $1 }
        let newest = try store.generations.pipelines().compactMap { try store.generations.newest($0)?.record }
        return newest.flatMap { child in
            child.bases.compactMap { base in
                // Another generation of the same image makes no other child.
                guard let slot = Slot(base.asked), let parent = held[slot], parent.image != base.image else {
                    return nil
                }
                return StaleImage(child: child, base: base, parent: parent.generation)
            }
        }
    }
}
