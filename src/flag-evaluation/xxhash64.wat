;; xxHash64 with seed 0, step by step as in the xxHash specification, "XXH64 Algorithm Description". In WebAssembly, because JavaScript is
;; several times slower at multiplying 64 bits. xxhash64.ts holds it assembled; its spec assembles this text and compares the two.
;;
;; What is hashed is a prefix and a text. The text is in the memory, from 4,096 on. The prefix, where it has up to 32 bytes, comes as eight words
;; of four bytes, zeros behind it, and there are 32 bytes of zeros before the text: so the first 32 bytes are those words or'ed with the memory from
;; where the prefix would begin. Written there instead, it would be read in other pieces than it was written in, and processors wait for that.
;; A longer prefix is in the memory, before the text, and the words are zeros.
;;
;; The primes of the specification stand where they are used, since engines look globals up each time:
;;   1 is 0x9E3779B185EBCA87, 2 is 0xC2B2AE3D27D4EB4F, 3 is 0x165667B19E3779F9, 4 is 0x85EBCA77C2B2AE63, 5 is 0x27D4EB2F165667C5.
;; And rounds are written out, since they do not inline calls.
(module
  (memory (export "memory") 1)

  ;; The hash of `length` bytes in all, of which those of the prefix are the first.
  (func $hash (export "hash")
    (param $prefix i32) (param $length i32)
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $e i32) (param $f i32) (param $g i32) (param $h i32)
    (result i64)
    (local $at i32) (local $left i32) (local $hash i64)
    (local $lane1 i64) (local $lane2 i64) (local $lane3 i64) (local $lane4 i64)
    (local $1 i64) (local $2 i64) (local $3 i64) (local $4 i64)
    (local.set $at (i32.sub (i32.const 4096) (local.get $prefix)))
    (local.set $left (local.get $length))
    (local.set $lane1 (i64.or (i64.load (local.get $at))
      (i64.or (i64.extend_i32_u (local.get $a)) (i64.shl (i64.extend_i32_u (local.get $b)) (i64.const 32)))))
    (local.set $lane2 (i64.or (i64.load offset=8 (local.get $at))
      (i64.or (i64.extend_i32_u (local.get $c)) (i64.shl (i64.extend_i32_u (local.get $d)) (i64.const 32)))))
    (local.set $lane3 (i64.or (i64.load offset=16 (local.get $at))
      (i64.or (i64.extend_i32_u (local.get $e)) (i64.shl (i64.extend_i32_u (local.get $f)) (i64.const 32)))))
    (local.set $lane4 (i64.or (i64.load offset=24 (local.get $at))
      (i64.or (i64.extend_i32_u (local.get $g)) (i64.shl (i64.extend_i32_u (local.get $h)) (i64.const 32)))))

    (if (i32.lt_u (local.get $left) (i32.const 32))
      (then (local.set $hash (i64.const 0x27D4EB2F165667C5)))
      (else
        (local.set $1 (i64.add (i64.const 0x9E3779B185EBCA87) (i64.const 0xC2B2AE3D27D4EB4F)))
        (local.set $2 (i64.const 0xC2B2AE3D27D4EB4F))
        (local.set $4 (i64.sub (i64.const 0) (i64.const 0x9E3779B185EBCA87)))
        (loop $stripes
          (local.set $1 (i64.mul (i64.rotl (i64.add (local.get $1) (i64.mul (local.get $lane1) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $2 (i64.mul (i64.rotl (i64.add (local.get $2) (i64.mul (local.get $lane2) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $3 (i64.mul (i64.rotl (i64.add (local.get $3) (i64.mul (local.get $lane3) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $4 (i64.mul (i64.rotl (i64.add (local.get $4) (i64.mul (local.get $lane4) (i64.const 0xC2B2AE3D27D4EB4F))) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $left (i32.sub (local.get $left) (i32.const 32)))
          (local.set $lane1 (i64.load (local.get $at)))
          (local.set $lane2 (i64.load offset=8 (local.get $at)))
          (local.set $lane3 (i64.load offset=16 (local.get $at)))
          (local.set $lane4 (i64.load offset=24 (local.get $at)))
          (br_if $stripes (i32.ge_u (local.get $left) (i32.const 32))))
        (local.set $hash
          (i64.add
            (i64.add (i64.rotl (local.get $1) (i64.const 1)) (i64.rotl (local.get $2) (i64.const 7)))
            (i64.add (i64.rotl (local.get $3) (i64.const 12)) (i64.rotl (local.get $4) (i64.const 18)))))
        (local.set $hash (i64.add (i64.mul
          (i64.xor (local.get $hash) (i64.mul (i64.rotl (i64.mul (local.get $1) (i64.const 0xC2B2AE3D27D4EB4F)) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (i64.const 0x9E3779B185EBCA87)) (i64.const 0x85EBCA77C2B2AE63)))
        (local.set $hash (i64.add (i64.mul
          (i64.xor (local.get $hash) (i64.mul (i64.rotl (i64.mul (local.get $2) (i64.const 0xC2B2AE3D27D4EB4F)) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (i64.const 0x9E3779B185EBCA87)) (i64.const 0x85EBCA77C2B2AE63)))
        (local.set $hash (i64.add (i64.mul
          (i64.xor (local.get $hash) (i64.mul (i64.rotl (i64.mul (local.get $3) (i64.const 0xC2B2AE3D27D4EB4F)) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (i64.const 0x9E3779B185EBCA87)) (i64.const 0x85EBCA77C2B2AE63)))
        (local.set $hash (i64.add (i64.mul
          (i64.xor (local.get $hash) (i64.mul (i64.rotl (i64.mul (local.get $4) (i64.const 0xC2B2AE3D27D4EB4F)) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
          (i64.const 0x9E3779B185EBCA87)) (i64.const 0x85EBCA77C2B2AE63)))))
    (local.set $hash (i64.add (local.get $hash) (i64.extend_i32_u (local.get $length))))

    (block $no_lane
      (loop $lanes
        (br_if $no_lane (i32.lt_u (local.get $left) (i32.const 8)))
        (local.set $hash
          (i64.add
            (i64.mul
              (i64.rotl
                (i64.xor (local.get $hash) (i64.mul (i64.rotl (i64.mul (local.get $lane1) (i64.const 0xC2B2AE3D27D4EB4F)) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
                (i64.const 27))
              (i64.const 0x9E3779B185EBCA87))
            (i64.const 0x85EBCA77C2B2AE63)))
        (local.set $lane1 (local.get $lane2))
        (local.set $lane2 (local.get $lane3))
        (local.set $lane3 (local.get $lane4))
        (local.set $left (i32.sub (local.get $left) (i32.const 8)))
        (br $lanes)))
    (if (i32.ge_u (local.get $left) (i32.const 4))
      (then
        (local.set $hash
          (i64.add
            (i64.mul
              (i64.rotl
                (i64.xor (local.get $hash) (i64.mul (i64.and (local.get $lane1) (i64.const 0xFFFFFFFF)) (i64.const 0x9E3779B185EBCA87)))
                (i64.const 23))
              (i64.const 0xC2B2AE3D27D4EB4F))
            (i64.const 0x165667B19E3779F9)))
        (local.set $lane1 (i64.shr_u (local.get $lane1) (i64.const 32)))
        (local.set $left (i32.sub (local.get $left) (i32.const 4)))))
    (block $no_byte
      (loop $bytes
        (br_if $no_byte (i32.eqz (local.get $left)))
        (local.set $hash
          (i64.mul
            (i64.rotl
              (i64.xor (local.get $hash) (i64.mul (i64.and (local.get $lane1) (i64.const 0xFF)) (i64.const 0x27D4EB2F165667C5)))
              (i64.const 11))
            (i64.const 0x9E3779B185EBCA87)))
        (local.set $lane1 (i64.shr_u (local.get $lane1) (i64.const 8)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $bytes)))

    (local.set $hash
      (i64.mul (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 33))) (i64.const 0xC2B2AE3D27D4EB4F)))
    (local.set $hash
      (i64.mul (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 29))) (i64.const 0x165667B19E3779F9)))
    (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 32))))

  ;; The hash modulo 10,000: a number of 32 bits is handed over several times faster than one of 64.
  (func (export "bucket")
    (param $prefix i32) (param $length i32)
    (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $e i32) (param $f i32) (param $g i32) (param $h i32)
    (result i32)
    (i32.wrap_i64
      (i64.rem_u
        (call $hash
          (local.get $prefix) (local.get $length)
          (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $e) (local.get $f) (local.get $g) (local.get $h))
        (i64.const 10000))))
)
