# frozen_string_literal: true

# Rails' own password check. A question on standard input: {"password": "…"} answers {"hash": "…"}; with "hash" in it
# {"accepted": true}.

require 'json'
require 'active_model'
require 'bcrypt'

# A model with has_secure_password and no table.
class RailsUser
  include ActiveModel::SecurePassword
  attr_accessor :password_digest

  has_secure_password validations: false
end

question = JSON.parse($stdin.read)
user = RailsUser.new
answer =
  if question['hash']
    user.password_digest = question['hash']
    { accepted: user.authenticate(question['password']) == user }
  else
    user.password = question['password']
    { hash: user.password_digest }
  end

puts JSON.generate(answer)
