import BakeModel
import Glibc
import LinuxSystem

/// What a removal of the cache would take away, as far as nobody uses it.
public struct CacheContents: Hashable, Sendable {
    /// How many layers are unpacked.
    public let layers: Int
    /// How many roots of failed commands are kept.
    public let failedRoots: Int
}

extension RootWorkshop {
    /// What this user has in the cache. Nothing is removed or made.
    public var cacheContents: CacheContents {
        // The namespace's user 0 is this user, in whose name the cache is.
        let place = "\(store.cache)/layers/\(geteuid())"
        let names = (try? Descriptor.open(place, O_RDONLY | O_DIRECTORY).sortedNames()) ?? []
        let layers = names.count { Digest(hex: String(decoding: $0, as: UTF8.self)) != nil }
        return CacheContents(layers: layers, failedRoots: failedRoots.count)
    }
}
