import Glibc

/// The character set that libarchive sees in the calling thread, whatever the process runs under.
///
/// libarchive asks the C library for the character set of file names, so without this the bytes of a layer would
/// depend on `LANG`. uselocale(3) changes the calling thread alone.
struct CharacterLocale: ~Copyable {
    private let locale: locale_t

    /// UTF-8, for writing: names that are UTF-8 become plain pax records, all others `hdrcharset=BINARY` records.
    static func utf8() throws(LayerWriteError) -> CharacterLocale {
        guard let locale = newlocale(characterTypes, "C.UTF-8", nil) else {
            throw errno == ENOENT ? .noLocale : .outOfMemory
        }
        return CharacterLocale(locale: locale)
    }

    /// ASCII, for reading: under UTF-8 libarchive 3.6.2 rewrites names to Unicode's composed form (two files of a layer
    /// become one), under ASCII it warns and keeps the bytes.
    static func ascii() throws(ArchiveReadError) -> CharacterLocale {
        guard let locale = newlocale(characterTypes, "C", nil) else {
            throw ArchiveReadError(.library("no memory for a locale"), "its names")
        }
        return CharacterLocale(locale: locale)
    }

    /// `LC_CTYPE_MASK`, a macro that is not imported.
    private static let characterTypes: Int32 = 1 << Int32(LC_CTYPE)

    private init(locale: locale_t) { self.locale = locale }

    deinit { freelocale(locale) }

    /// Runs C calls under this character set.
    func run<Result>(_ calls: () -> Result) -> Result {
        let previous = uselocale(locale)
        defer { uselocale(previous) }
        return calls()
    }
}
