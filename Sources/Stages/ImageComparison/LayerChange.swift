import BakeModel

/// A layer that is another in one of two images, or is said to come from something else, though the files are the same.
public struct LayerChange: Hashable, Sendable {
    /// Its number, the lowest 0.
    public let number: Int
    /// What it was; nil where there was none.
    public let before: HistoryLayer?
    /// What it is; nil where there is none.
    public let after: HistoryLayer?

    /// Compares two histories, the lowest layer first.
    public static func all(from old: [HistoryLayer], to new: [HistoryLayer]) -> [LayerChange] {
        (0..<max(old.count, new.count)).compactMap { number in
            let before = number < old.count ? old[number] : nil
            let after = number < new.count ? new[number] : nil
            let isSame = before?.layer.diffID == after?.layer.diffID && before?.createdBy == after?.createdBy
            return isSame ? nil : LayerChange(number: number, before: before, after: after)
        }
    }

    /// What is another, in a few words, for images with the same files.
    public var aspects: String {
        guard let before, let after else { return before == nil ? "is new" : "is gone" }
        guard before.layer.diffID == after.layer.diffID else { return "holds other entries for the same files" }
        return "is made by \"\(after.createdBy)\", was by \"\(before.createdBy)\""
    }
}
