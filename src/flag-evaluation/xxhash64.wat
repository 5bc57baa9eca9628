;; xxHash64 with seed 0, step by step as in the xxHash specification, "XXH64 Algorithm Description". In WebAssembly, because JavaScript is
;; several times slower at multiplying 64 bits. xxhash64.ts holds it assembled; its spec assembles this text and compares the two.
;;
;; The primes of the specification stand where they are used, since engines look globals up each time:
;;   1 is 0x9E3779B185EBCA87, 2 is 0xC2B2AE3D27D4EB4F, 3 is 0x165667B19E3779F9, 4 is 0x85EBCA77C2B2AE63, 5 is 0x27D4EB2F165667C5.
;; And the round of a lane is written out, since they do not inline calls.
(module
  (memory (export "memory") 1)

  (func $round (param $accumulator i64) (param $lane i64) (result i64)
    (i64.mul
      (i64.rotl
        (i64.add (local.get $accumulator) (i64.mul (local.get $lane) (i64.const 0xC2B2AE3D27D4EB4F)))
        (i64.const 31))
      (i64.const 0x9E3779B185EBCA87)))

  (func $merge (param $hash i64) (param $accumulator i64) (result i64)
    (i64.add
      (i64.mul
        (i64.xor (local.get $hash) (call $round (i64.const 0) (local.get $accumulator)))
        (i64.const 0x9E3779B185EBCA87))
      (i64.const 0x85EBCA77C2B2AE63)))

  ;; The hash of `length` bytes of the memory from `at` on.
  (func $hash (export "hash") (param $at i32) (param $length i32) (result i64)
    (local $end i32) (local $hash i64) (local $1 i64) (local $2 i64) (local $3 i64) (local $4 i64)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (if (i32.lt_u (local.get $length) (i32.const 32))
      (then (local.set $hash (i64.const 0x27D4EB2F165667C5)))
      (else
        (local.set $1 (i64.add (i64.const 0x9E3779B185EBCA87) (i64.const 0xC2B2AE3D27D4EB4F)))
        (local.set $2 (i64.const 0xC2B2AE3D27D4EB4F))
        (local.set $4 (i64.sub (i64.const 0) (i64.const 0x9E3779B185EBCA87)))
        (loop $stripes
          (local.set $1 (call $round (local.get $1) (i64.load (local.get $at))))
          (local.set $2 (call $round (local.get $2) (i64.load offset=8 (local.get $at))))
          (local.set $3 (call $round (local.get $3) (i64.load offset=16 (local.get $at))))
          (local.set $4 (call $round (local.get $4) (i64.load offset=24 (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br_if $stripes (i32.le_u (i32.add (local.get $at) (i32.const 32)) (local.get $end))))
        (local.set $hash
          (i64.add
            (i64.add (i64.rotl (local.get $1) (i64.const 1)) (i64.rotl (local.get $2) (i64.const 7)))
            (i64.add (i64.rotl (local.get $3) (i64.const 12)) (i64.rotl (local.get $4) (i64.const 18)))))
        (local.set $hash (call $merge (local.get $hash) (local.get $1)))
        (local.set $hash (call $merge (local.get $hash) (local.get $2)))
        (local.set $hash (call $merge (local.get $hash) (local.get $3)))
        (local.set $hash (call $merge (local.get $hash) (local.get $4)))))
    (local.set $hash (i64.add (local.get $hash) (i64.extend_i32_u (local.get $length))))

    (block $no_lane
      (loop $lanes
        (br_if $no_lane (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $end)))
        (local.set $hash
          (i64.add
            (i64.mul
              (i64.rotl
                (i64.xor (local.get $hash) (i64.mul (i64.rotl (i64.mul (i64.load (local.get $at)) (i64.const 0xC2B2AE3D27D4EB4F)) (i64.const 31)) (i64.const 0x9E3779B185EBCA87)))
                (i64.const 27))
              (i64.const 0x9E3779B185EBCA87))
            (i64.const 0x85EBCA77C2B2AE63)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $lanes)))
    (if (i32.le_u (i32.add (local.get $at) (i32.const 4)) (local.get $end))
      (then
        (local.set $hash
          (i64.add
            (i64.mul
              (i64.rotl
                (i64.xor (local.get $hash) (i64.mul (i64.load32_u (local.get $at)) (i64.const 0x9E3779B185EBCA87)))
                (i64.const 23))
              (i64.const 0xC2B2AE3D27D4EB4F))
            (i64.const 0x165667B19E3779F9)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))))
    (block $no_byte
      (loop $bytes
        (br_if $no_byte (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $hash
          (i64.mul
            (i64.rotl
              (i64.xor (local.get $hash) (i64.mul (i64.load8_u (local.get $at)) (i64.const 0x27D4EB2F165667C5)))
              (i64.const 11))
            (i64.const 0x9E3779B185EBCA87)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $bytes)))

    (local.set $hash
      (i64.mul (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 33))) (i64.const 0xC2B2AE3D27D4EB4F)))
    (local.set $hash
      (i64.mul (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 29))) (i64.const 0x165667B19E3779F9)))
    (i64.xor (local.get $hash) (i64.shr_u (local.get $hash) (i64.const 32))))

  ;; The hash modulo 10,000: a number of 32 bits is handed over several times faster than one of 64.
  (func (export "bucket") (param $at i32) (param $length i32) (result i32)
    (i32.wrap_i64 (i64.rem_u (call $hash (local.get $at) (local.get $length)) (i64.const 10000))))
)
